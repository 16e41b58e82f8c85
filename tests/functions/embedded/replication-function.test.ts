import assert from "node:assert/strict";
import type { AttributeValue, DynamoDBRecord } from "aws-lambda";
import type { QuarantinedRecord } from "../../../functions/replication/quarantined-record";
import { replicate } from "../../../functions/replication/replicate";
import { withEnvironment } from "../../support/environment";
import { captureLogs } from "../../support/logs";
import { inserted } from "../../../testing/stream-records";
import { idOf, IRELAND, SINGAPORE, ticketItem, tombstone } from "../../../testing/tickets";
import { formatVersion } from "../../../functions/replication/version";
import { CONFLICT_TABLE_NAMES, EmbeddedTable, FAKE_CREDENTIALS, TABLE_NAME } from "./embedded-table";
import { FakeQueue } from "./fake-queue";

const BYTES = Buffer.from([0, 1, 254, 255]);
const START = Date.now();

describe("Replication function on an emulated DynamoDB", () => {
  const logs = captureLogs();
  withEnvironment({
    AWS_REGION: IRELAND,
    AWS_LAMBDA_FUNCTION_NAME: "ireland-to-singapore",
    TARGET_REGION: SINGAPORE,
    TARGET_TABLE_NAME: TABLE_NAME,
    TARGET_CONFLICT_TABLE_NAME: CONFLICT_TABLE_NAMES.there,
    CONFLICT_TABLE_NAME: CONFLICT_TABLE_NAMES.here,
    ...FAKE_CREDENTIALS,
  });
  const target = new EmbeddedTable(SINGAPORE);
  const queue = new FakeQueue();
  let handler: ReturnType<typeof replicate>;
  before(() => (handler = replicate()));
  const failures = async (...Records: DynamoDBRecord[]): Promise<string[]> =>
    (await handler({ Records })).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);

  it("replaces every item with the key of the source's heartbeat, except a later heartbeat", async () => {
    const id = `heartbeat-${IRELAND}`;
    const versionAt = (milliseconds: number): string =>
      formatVersion({ milliseconds: START + milliseconds, counter: 0, region: IRELAND });
    const beat = (at: number): object => ({ id, version: versionAt(at), origin: IRELAND, seen: {} });
    const forged = [
      {},
      { version: "zzz", origin: IRELAND },
      { version: 7, origin: IRELAND },
      { version: versionAt(1e10), origin: IRELAND },
      { version: versionAt(50), origin: SINGAPORE },
    ];
    for (const [index, attributes] of forged.entries()) {
      await target.store({ id, subject: "forged", ...attributes });
      assert.deepEqual(await failures(inserted(beat(index), 1)), []);
      assert.equal((await target.stored(id))?.version.S, versionAt(index), JSON.stringify(attributes));
    }
    assert.deepEqual(await failures(inserted(beat(1), 1)), []);
    assert.equal((await target.stored(id))?.version.S, versionAt(forged.length - 1));
    assert.deepEqual(await target.conflicts(CONFLICT_TABLE_NAMES.there), []);
  });

  it("replicates an item with all attributes unchanged, including bytes", async () => {
    const others: Record<string, AttributeValue> = {
      photo: { B: BYTES.toString("base64") },
      photos: { BS: [BYTES.toString("base64")] },
      deep: { L: [{ M: { photo: { B: BYTES.toString("base64") } } }, { NULL: true }] },
      amount: { N: "12345678901234567890.5" },
      labels: { SS: ["a", "b"] },
    };
    const record = write(1, 1, 10);
    const NewImage = { ...record.dynamodb?.NewImage, ...others };
    assert.deepEqual(await failures({ ...record, dynamodb: { ...record.dynamodb, NewImage } }), []);
    const bytes = new Uint8Array(BYTES);
    assert.deepEqual(await target.stored(idOf(1)), {
      ...NewImage,
      photo: { B: bytes },
      photos: { BS: [bytes] },
      deep: { L: [{ M: { photo: { B: bytes } } }, { NULL: true }] },
    });
  });

  it("replaces an older item, and keeps one that is as new or newer", async () => {
    await failures(write(1, 2, 10, "first"));
    await failures(write(2, 2, 20, "second"));
    assert.deepEqual((await target.stored(idOf(2)))?.subject, { S: "second" });
    assert.deepEqual(await failures(write(3, 2, 20, "the same version")), []);
    assert.deepEqual(await failures(write(1, 2, 10, "first")), []);
    assert.deepEqual((await target.stored(idOf(2)))?.subject, { S: "second" });
  });

  it("quarantines a write that would replace an item without a version", async () => {
    await target.store({ id: idOf(8), subject: "by hand" });
    assert.deepEqual(await failures(write(1, 8, 10, "a write")), []);
    assert.deepEqual((await target.stored(idOf(8)))?.subject, { S: "by hand" });
    assert.equal((JSON.parse(queue.messages.pop()!) as QuarantinedRecord).error, "UnversionedItem");
  });

  it("records a conflict for any invalid seen of the newer write", async () => {
    const stored = { id: idOf(9), version: versionOf(10, SINGAPORE), origin: SINGAPORE };
    for (const [index, known] of ["zzz", versionOf(1e6, SINGAPORE), versionOf(15)].entries()) {
      const id = idOf(20 + index);
      await target.store(ticketItem({ ...stored, id, subject: "from Singapore" }));
      const forged = ticketItem({ id, version: versionOf(20), seen: { [SINGAPORE]: known } });
      assert.deepEqual(await failures(inserted(forged, 1)), []);
      const conflicts = await target.conflicts(CONFLICT_TABLE_NAMES.there);
      assert.ok(
        conflicts.some((entry) => entry.id.S === id),
        known,
      );
    }
  });

  it("replicates a write whose seen has 100 regions", async () => {
    const regions = Array.from({ length: 100 }, (_, index) => `eu-west-${index + 2}`);
    const seen = Object.fromEntries(regions.map((region) => [region, versionOf(0, region)]));
    const stored = { id: idOf(30), version: versionOf(-1, regions[99]), origin: regions[99] };
    await target.store(ticketItem(stored));
    const newer = ticketItem({ id: idOf(30), version: versionOf(20), seen, subject: "knows them all" });
    const before = queue.messages.length;
    assert.deepEqual(await failures(inserted(newer, 1)), []);
    assert.equal(queue.messages.length, before);
    assert.deepEqual((await target.stored(idOf(30)))?.subject, { S: "knows them all" });
    const conflicts = await target.conflicts(CONFLICT_TABLE_NAMES.there);
    assert.ok(!conflicts.some((entry) => entry.id.S === idOf(30)));
  });

  const levels = (count: number): AttributeValue =>
    count === 0 ? { S: "deep" } : { L: [levels(count - 1)] };
  for (const [what, value] of Object.entries<AttributeValue>({
    "thirty levels": levels(30),
    "an attribute named __proto__": {
      M: JSON.parse('{"__proto__":{"S":"x"},"other":{"N":"1"}}') as Record<string, AttributeValue>,
    },
  }))
    it(`replaces an item that contains ${what}, also in a conflict`, async () => {
      const there = { version: versionOf(10, SINGAPORE), origin: SINGAPORE, subject: "from Singapore" };
      const item = { ...inserted(ticketItem({ ...there, id: idOf(31) }), 1).dynamodb?.NewImage, more: value };
      for (const seen of [undefined, { M: { ["__proto__"]: { S: "x" } } }, { M: { [IRELAND]: value } }]) {
        const stored = { ...item, ...(seen && { seen }) };
        await target.storeImage(stored as unknown as Parameters<EmbeddedTable["storeImage"]>[0]);
        const record = write(1, 31, 20, "from Ireland");
        const NewImage = { ...record.dynamodb?.NewImage, more: value };
        const again = await failures({ ...record, dynamodb: { ...record.dynamodb, NewImage } });
        assert.deepEqual(again, [], JSON.stringify(logs.lines.at(-1)));
        assert.deepEqual((await target.stored(idOf(31)))?.subject, { S: "from Ireland" });
      }
    });

  it("breaks a tie of time by region, in either order", async () => {
    for (const [item, region, subject] of [
      [3, SINGAPORE, "from Ireland"],
      [4, "us-east-1", "from there"],
    ] as const) {
      const there = { id: idOf(item), subject: "from there", version: versionOf(10, region), origin: region };
      await target.store(ticketItem(there));
      await failures(write(1, item, 10, "from Ireland"));
      assert.deepEqual((await target.stored(idOf(item)))?.subject, { S: subject });
    }
  });

  it("replicates tombstones, also for tickets that never arrived", async () => {
    const deletion = tombstone({ id: idOf(5), version: versionOf(10) });
    assert.deepEqual(await failures(inserted(deletion, 1)), []);
    assert.deepEqual(await failures(write(2, 5, 5)), []);
    assert.deepEqual((await target.stored(idOf(5)))?.deleted, { BOOL: true });
  });

  it("quarantines a write that DynamoDB rejects as invalid, and applies the ticket's next older write", async () => {
    const wrong = write(2, 6, 20);
    const NewImage = { ...wrong.dynamodb?.NewImage, more: { N: "1".repeat(39) } };
    const invalid = { ...wrong, dynamodb: { ...wrong.dynamodb, NewImage } };
    assert.deepEqual(await failures(write(1, 6, 10, "valid"), invalid), []);
    assert.deepEqual((await target.stored(idOf(6)))?.subject, { S: "valid" });
    const message = JSON.parse(queue.messages[0]) as QuarantinedRecord;
    assert.equal(queue.messages.length, 1);
    assert.deepEqual([message.error, message.sourceRegion], ["ValidationException", IRELAND]);
    assert.deepEqual(message.record, invalid);
  });

  it("retries a record that neither the queue nor the bucket accepts, until one does", async () => {
    queue.refuses = queue.bucketRefuses = true;
    const malformed = inserted(ticketItem({ id: idOf(7), version: "yesterday" }), 8);
    assert.deepEqual(await failures(malformed), ["8"]);
    queue.bucketRefuses = false;
    assert.deepEqual(await failures(malformed), []);
    const [[key, body], ...others] = [...queue.objects];
    assert.match(key, /^\/failures\/aws\/lambda\/quarantine\/[0-9a-f]{64}\.json$/);
    assert.deepEqual(JSON.parse(JSON.parse(body).payload), { Records: [malformed] });
    assert.deepEqual(others, []);
  });
});

describe("Replication function without its target table", () => {
  const logs = captureLogs();
  withEnvironment({
    AWS_REGION: IRELAND,
    AWS_LAMBDA_FUNCTION_NAME: "ireland-to-singapore",
    TARGET_REGION: SINGAPORE,
    TARGET_TABLE_NAME: "another-table",
    TARGET_CONFLICT_TABLE_NAME: CONFLICT_TABLE_NAMES.there,
    CONFLICT_TABLE_NAME: CONFLICT_TABLE_NAMES.here,
    ...FAKE_CREDENTIALS,
  });
  new EmbeddedTable(SINGAPORE);
  const queue = new FakeQueue();

  it("keeps every record in the stream and quarantines none", async () => {
    const { batchItemFailures } = await replicate()({ Records: [write(4, 1, 10), write(5, 2, 20)] });
    assert.deepEqual(batchItemFailures, [{ itemIdentifier: "4" }]);
    assert.deepEqual(queue.messages, []);
    assert.equal((logs.lines[0].reason as { error: string }).error, "ResourceNotFoundException");
  });
});

/** The version of a write so many milliseconds after the tests began. */
function versionOf(milliseconds: number, region = IRELAND): string {
  return formatVersion({ milliseconds: START + milliseconds, counter: 0, region });
}

function write(sequenceNumber: number, item: number, milliseconds: number, subject = "a"): DynamoDBRecord {
  const ticket = ticketItem({ id: idOf(item), subject, version: versionOf(milliseconds) });
  return inserted(ticket, sequenceNumber);
}
