import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeTime, ulid } from "ulid";
import { CreateContext, createTicketOperation } from "../../../functions/tickets/create";
import { idempotentRequest } from "../../../functions/tickets/idempotency";
import { isTicketId } from "../../../functions/tickets/ticket-id";
import type { Ticket, TicketItem } from "../../../functions/tickets/ticket";
import { DEFAULT_FIELDS, TicketFields } from "../../../functions/tickets/ticket-attributes";
import { problemOf, send } from "../../../testing/api-calls";
import { MemoryTable } from "../../../testing/memory-table";
import { IRELAND, NOW, SINGAPORE, tombstone } from "../../../testing/tickets";

const BODY = { subject: "No heating" };
const FIELDS: TicketFields = { ...DEFAULT_FIELDS, ...BODY };
const idOf = (key: string, caller = "ada"): string => idempotentRequest(key, caller, FIELDS).id;
const fingerprintOf = (fields: TicketFields, caller = "ada"): string =>
  idempotentRequest("key", caller, fields).fingerprint;

describe("idempotentRequest id", () => {
  const key = fc.string({ minLength: 1, maxLength: 255 });

  it("returns the same ULID for the same key and caller", () =>
    fc.assert(
      fc.property(key, key, (some, caller) => {
        assert.ok(isTicketId(idOf(some, caller)));
        assert.equal(idOf(some, caller), idOf(some, caller));
      }),
    ));

  it("returns the same ids as earlier releases, because a retry would otherwise create a second ticket", () => {
    const ids = {
      key: "0Z590FDD5C3C1DFCH17C7X1RJ8",
      "ключ 🔑": "035V46MPHGP50T4W1JTBYYWZKT",
      "01JD9Z3N8Q4T6V8X0Y2A4C6E8G": "01JD9Z3N8Q388EHVJ3JZAH00R3",
      "01jd9z3n8q4t6v8x0y2a4c6e8g": "01JD9Z3N8Q69HBGKD0CGJZ42AH",
      "00000000000000000000000000": "0000000000KF6ZE1GDG3CQ1FFH",
      "7ZZZZZZZZZZZZZZZZZZZZZZZZZ": "7ZZZZZZZZZDBRFDEJMCJ3Q02CR",
      "01932c7d-6ba0-7000-8000-000000000000": "01JCP7TTX0C2ETMNMSE8VZHVYB",
      "01932C7D-6BA0-7000-8000-000000000000": "01JCP7TTX0PD52B65BX7VBTSMN",
      "ffffffff-ffff-7fff-bfff-ffffffffffff": "7ZZZZZZZZZ9SK9027F841EFWKZ",
      "01932c7d-6ba0-4000-8000-000000000000": "0YH8JJB9GS48JSVMZ07WFG2YDE",
      "key-338": "0008G8S0S2ZD0RNMQCSQ08X9NX",
      "key-2798": "7ZZDGFJATC2M4B8PYMTFWZ6XSE",
      "key-3926": "20W7ZQJT8Z000A5P8VA5PZ2AXB",
    };
    for (const [some, id] of Object.entries(ids)) assert.equal(idOf(some), id, some);
  });

  it("differs for every key and caller", () => {
    const ids = [idOf("a"), idOf("b"), idOf("a", "bob"), idOf('a"', "b"), idOf("a", '"b')];
    assert.equal(new Set(ids).size, ids.length);
  });

  it("contains the time of a ULID in upper or lower case, or of a UUID version 7", () => {
    for (const time of [1, NOW, 2 ** 48 - 1]) {
      const digits = time.toString(16).padStart(12, "0");
      const uuid = `${digits.slice(0, 8)}-${digits.slice(8)}-7abc-8def-0123456789ab`;
      for (const some of [ulid(time), ulid(time).toLowerCase(), uuid, uuid.toUpperCase()])
        assert.equal(decodeTime(idOf(some)), time, some);
    }
  });

  it("does not contain the time of a UUID of another version", () => {
    const [one, other] = ["4abc", "7abc"].map((version) =>
      decodeTime(idOf(`01932c7d-6ba0-${version}-8def-0123456789ab`)),
    );
    assert.notEqual(one, 0x01932c7d6ba0);
    assert.equal(other, 0x01932c7d6ba0);
  });
});

describe("idempotentRequest fingerprint", () => {
  it("depends on every field and the caller, but not on the order of the fields", () => {
    const reversed = Object.fromEntries(Object.entries(FIELDS).reverse()) as unknown as TicketFields;
    assert.equal(fingerprintOf(FIELDS), fingerprintOf(reversed));
    const others = Object.keys(FIELDS).map((field) => fingerprintOf({ ...FIELDS, [field]: "b" }));
    const all = [fingerprintOf(FIELDS), fingerprintOf(FIELDS, "bob"), ...others];
    assert.equal(new Set(all).size, all.length);
  });
});

describe("POST /tickets with an idempotency key", () => {
  let table: MemoryTable;
  let context: CreateContext;
  beforeEach(() => {
    table = new MemoryTable();
    context = {
      table,
      region: IRELAND,
      now: () => NOW,
      newId: () => assert.fail("The key determines the id."),
    };
  });
  const create = (body: object, key = "key", caller = "ada"): ReturnType<typeof send> =>
    send("createTicket", createTicketOperation(context), {
      body,
      caller,
      headers: { "idempotency-key": key },
    });

  it("stores the ticket under the id of the key, with a fingerprint that is not in the response", async () => {
    const { status, body, headers } = await create(BODY);
    const stored = table.items.get(idOf("key")) as TicketItem;
    assert.deepEqual([status, headers?.["idempotency-replayed"]], [201, undefined]);
    assert.match(stored.idempotencyFingerprint ?? "", /^[0-9a-f]{64}$/);
    assert.equal("idempotencyFingerprint" in (body as Ticket), false);
  });

  it("accepts an explicit default as the same body as an omitted field", async () => {
    const { body } = await create(BODY);
    const again = await create(FIELDS);
    assert.deepEqual([again.status, again.body], [201, body]);
    assert.equal(again.headers?.["idempotency-replayed"], "true");
    assert.equal(table.puts, 1);
  });

  it("creates two tickets for two callers", async () => {
    await create(BODY, "key", "ada");
    await create({ subject: "No water" }, "key", "bob");
    assert.equal(table.items.size, 2);
  });

  it("creates the same ticket id in every region", async () => {
    const { body } = await create(BODY);
    context = { ...context, table: new MemoryTable(), region: SINGAPORE };
    assert.equal(((await create(BODY)).body as Ticket).id, (body as Ticket).id);
  });

  it("returns 422 for another body and 409 for a deleted ticket", async () => {
    await create(BODY);
    assert.equal((await problemOf(() => create({ subject: "No water" }))).problem.status, 422);
    table.write(tombstone({ id: idOf("key") }));
    for (const body of [BODY, { subject: "No water" }]) {
      const { problem } = await problemOf(() => create(body));
      assert.equal(problem.status, 409);
      assert.match(problem.detail, /was deleted\. Nothing was written\. Use a new key/);
    }
    assert.equal(table.puts, 1);
  });

  it("succeeds if the SDK retries a put whose response was lost", async () => {
    const put = table.put.bind(table);
    table.put = async (...write) => (await put(...write)) && (await put(...write));
    assert.equal((await create(BODY)).status, 201);
    assert.equal(table.items.size, 1);
  });
});
