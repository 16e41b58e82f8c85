import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { MAXIMUM_BODY_BYTES } from "../../functions/http/json-body";
import { SCHEMAS } from "../../functions/openapi/document";
import { isLive, Ticket, toTicket } from "../../functions/tickets/ticket";
import { waitFor } from "../support/wait-for";
import { assertDocumented, schemaFault } from "./response-check";
import { requestSummary, expectedRequestFaults, hostileRequestFaults } from "./fuzz-faults";
import { hostileRequests } from "./hostile-requests";
import type { HttpResponse, HttpRequest } from "./http-client";
import { listAll } from "./list-all";
import { rawRequests } from "./raw-requests";
import { expectedRequests } from "./request-arbitraries";
import { RegionUnderTest, TwoRegions } from "./two-regions";
import { EDIT_WITHOUT_CONFLICT, MARKER, validObject } from "./value-arbitraries";

/** Number of requests per batch. The connections of the clients limit how many are in flight. */
const BATCH = 50;
const BATCHES = { expected: 100, hostile: 90, raw: 10 };
const TICKETS = 150;
const ROUND_TRIPS = 10;
/** Seed of the requests. `FUZZ_SEED=<seed> npx mocha tests/contract/fuzz.test.ts` repeats a failed run. */
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);

describe(`API under ten thousand requests (FUZZ_SEED=${seed})`, function () {
  this.timeout(480_000);

  let world: TwoRegions;
  const ids: string[] = [];
  const statuses: Record<string, number> = {};

  const regionOf = (index: number): RegionUnderTest => world.regions[index % 2];
  /** Sends every request of every batch, alternating between the regions, until one has a fault. */
  const forEach = async <T>(
    requests: fc.Arbitrary<T>,
    batches: number,
    faultsOf: (request: T, region: RegionUnderTest) => Promise<readonly string[]>,
  ): Promise<void> => {
    const property = fc.asyncProperty(
      fc.array(requests, { minLength: BATCH, maxLength: BATCH }),
      async (batch) => {
        const faults = await Promise.all(batch.map((request, index) => faultsOf(request, regionOf(index))));
        assert.deepEqual(faults.flat(), [], `With FUZZ_SEED=${seed}.`);
      },
    );
    // The fault names its request. There is no shrinking, because the tables have changed and a smaller example might pass.
    const { errorInstance } = await fc.check(property, { seed, numRuns: batches, endOnFailure: true });
    if (errorInstance) throw errorInstance;
  };
  const count = (status: number | string): void => {
    statuses[status] = (statuses[status] ?? 0) + 1;
  };

  before(async () => {
    assert.ok(Number.isInteger(seed), "FUZZ_SEED must be an integer.");
    world = await TwoRegions.start();
    // Idempotency keys make the ids equal for equal seeds.
    const keys = Array.from({ length: TICKETS }, (_, index) => `fuzz-${index}`);
    const created = await Promise.all(
      keys.map((key, index) =>
        waitFor(
          async () => {
            const { status, text } = await regionOf(index).api.sendJson(
              "POST",
              "/tickets",
              { subject: key },
              { "idempotency-key": key },
            );
            return status === 201 && (JSON.parse(text) as Ticket);
          },
          { what: `the creation of ${key}` },
        ),
      ),
    );
    ids.push(...created.map(({ id }) => id));
    await world.converge();
  });
  afterEach(function () {
    if (this.currentTest?.state === "failed") console.log(world?.cloud.log().slice(-3000));
  });
  after(async () => {
    assert.equal(await world?.stop(), 0);
  });

  it("returns every ticket as it was created and edited, in both regions", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(validObject(SCHEMAS.NewTicket), validObject(EDIT_WITHOUT_CONFLICT)), {
          minLength: ROUND_TRIPS,
          maxLength: ROUND_TRIPS,
        }),
        async (pairs) => {
          await Promise.all(pairs.map(([fields, changes]) => roundTrip(world, fields, changes)));
        },
      ),
      { seed, numRuns: ROUND_TRIPS, endOnFailure: true },
    ));

  it("names the only invalid field and accepts valid requests", async () => {
    const start = Date.now();
    await forEach(expectedRequests(ids), BATCHES.expected, async (expected, { api, code }) => {
      const response = await api.send(expected.request);
      count(response.status);
      return explained(expectedRequestFaults(expected, response, code), expected.request, response);
    });
    report(BATCHES.expected * BATCH, start, statuses);
  });

  it("returns documented problems and no 5xx to hostile requests", async () => {
    const start = Date.now();
    await forEach(hostileRequests(ids), BATCHES.hostile, async (request, { api, code }) => {
      const response = await api.send(request);
      count(response.status);
      return explained(hostileRequestFaults(request, response, code), request, response);
    });
    report(BATCHES.hostile * BATCH, start, statuses);
  });

  it("returns no 5xx to malformed HTTP and closes the connection", async () => {
    const start = Date.now();
    await forEach(rawRequests, BATCHES.raw, async (bytes, { api }) => {
      const text = await api.sendBytes(bytes);
      const codes = [...text.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => status);
      codes.forEach(count);
      return codes.filter((status) => status >= "500").map((status) => `${status} to ${bytes.toString()}`);
    });
    report(BATCHES.raw * BATCH, start, statuses);
  });

  it("accepts a body of the maximum size and rejects larger ones", async () => {
    const [{ api, code }] = world.regions;
    const sized = (bytes: number): Promise<HttpResponse> =>
      api.send({
        method: "POST",
        path: "/tickets",
        headers: { "content-type": "application/json" },
        body: `{"subject":"x"${" ".repeat(bytes - '{"subject":"x"}'.length)}}`,
      });
    const accepted = await sized(MAXIMUM_BODY_BYTES);
    const rejected = await sized(MAXIMUM_BODY_BYTES + 1);
    assert.deepEqual([accepted.status, rejected.status], [201, 413]);
    for (const response of [accepted, rejected]) assertDocumented("createTicket", response, code);
    // API Gateway enforces Lambda's limit of 6 MB and its own of 10 MB.
    for (const bytes of [6 * 2 ** 20, 10 * 2 ** 20, 10 * 2 ** 20 + 1])
      assert.equal((await sized(bytes)).status, 413, `${bytes} bytes`);
  });

  it("accepts a chunked body", async () => {
    const head =
      "POST /tickets HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\n";
    const chunks = ['{"subj', 'ect":"x"}', ""].map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`);
    const request = `${head}transfer-encoding: chunked\r\n\r\n${chunks.join("")}`;
    // The API of a busy machine can return 503, which a client repeats.
    const send = (): Promise<string> => world.regions[0].api.sendBytes(Buffer.from(request));
    const isCreated = async (): Promise<boolean> => / 201 /.test((await send()).slice(0, 13));
    await waitFor(isCreated, { what: "a response with status 201" });
  });

  it("is healthy afterwards, with the same tickets in both regions", async () => {
    for (const { api } of world.regions) {
      await waitFor(async () => (await api.get("/health")).status === 200, { what: "a region that serves" });
      assert.equal((await api.sendJson("POST", "/tickets", { subject: "After all" })).status, 201);
    }
    await world.converge();
  });

  it("has stored only valid tickets and lists every one", async () => {
    for (const region of world.regions) {
      const live = [...(await region.tables.tickets()).values()].filter(isLive).map(toTicket);
      const faults = live
        .map((ticket) => schemaFault("Ticket", ticket))
        .filter((fault) => fault !== undefined);
      assert.deepEqual(faults, []);
      const byId = (one: Ticket, other: Ticket): number => (one.id < other.id ? -1 : 1);
      const expected = live.sort(byId);
      // Indexes show the last ticket late.
      const isComplete = async (): Promise<boolean> =>
        isDeepStrictEqual((await listAll(region)).sort(byId), expected);
      await waitFor(isComplete, { what: "a list of every ticket" }).catch(() => undefined);
      assert.deepEqual((await listAll(region)).sort(byId), expected);
    }
  });

  it("has logged no error and no text of a client", () => {
    const lines = world.cloud.log().split("\n");
    assert.ok(lines.length > TICKETS, "There is no log.");
    // On a busy machine, calls can reach their time limits.
    const isFault = /"level":"ERROR"(?!.*"name":"TimeoutError")/;
    const faults = lines.filter((line) => line.includes(MARKER) || isFault.test(line));
    assert.deepEqual(faults, []);
  });
});

/** Creates a ticket in one region, reads it, changes it, and reads it in both. */
async function roundTrip(
  { regions: [here, there] }: TwoRegions,
  fields: object,
  changes: object,
): Promise<void> {
  const made = await here.api.sendJson("POST", "/tickets", fields);
  assert.equal(made.status, 201, made.text);
  const ticket = JSON.parse(made.text) as Ticket;
  const defaults = { description: "", customer: "", assignee: "", priority: "medium", status: "open" };
  assert.deepEqual(ticket, { ...ticket, ...asStored(defaults, fields) });
  const path = `/tickets/${ticket.id}`;
  assert.deepEqual(JSON.parse((await here.api.get(path)).text), ticket);
  const changed = await here.api.sendJson("PATCH", path, changes);
  assert.equal(changed.status, 200, changed.text);
  const { updatedAt, version } = JSON.parse(changed.text) as Ticket;
  const merged = { ...asStored(ticket, changes), updatedAt, version };
  for (const { api } of [here, there]) {
    await waitFor(async () => (await api.get(path)).headers.etag === changed.headers.etag, {
      what: "the edit in a region",
    });
    assert.deepEqual(JSON.parse((await api.get(path)).text), merged);
  }
}

/** Applies changes to a ticket by the documented rules: trims texts and derives the status from the assignee. */
function asStored<T extends object>(before: T, changes: object): T {
  const texts = ["subject", "description", "customer", "assignee"];
  const kept = Object.entries(changes).map(([name, value]) => [
    name,
    texts.includes(name) ? String(value).trim() : value,
  ]);
  const after = { ...before, ...Object.fromEntries(kept) };
  if (after.status === "open" && after.assignee !== "") return { ...after, status: "assigned" };
  const isUnassigned = after.status === "assigned" && after.assignee === "";
  return isUnassigned && "assignee" in changes && !("status" in changes)
    ? { ...after, status: "open" }
    : after;
}

function explained(
  faults: readonly string[],
  request: HttpRequest,
  { status, text }: HttpResponse,
): string[] {
  return faults.map((fault) => `${fault} ${requestSummary(request)} gave ${status} ${text.slice(0, 500)}`);
}

function report(requests: number, start: number, statuses: object): void {
  const seconds = (Date.now() - start) / 1000;
  const rate = Math.round(requests / seconds);
  console.log(
    `      ${requests} requests in ${seconds.toFixed(1)} s, ${rate} a second; so far ${JSON.stringify(statuses)}`,
  );
}
