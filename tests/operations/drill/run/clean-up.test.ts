import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { closeServer, listen } from "../../../../local/aws/listen";
import { DrillTickets } from "../../../../operations/drill/clients/drill-tickets";
import { type Remaining, remainingLines, removeTickets } from "../../../../operations/drill/run/clean-up";
import type { TicketState, DrillRegion } from "../../../../operations/drill/systems/drill-system";

type Name = "ireland" | "singapore";
const OTHER: Record<Name, Name> = { ireland: "singapore", singapore: "ireland" };
const OPTIONS = { withinMs: 10_000, pollMs: 5, arrivalMs: 50 };
const QUICK = { ...OPTIONS, withinMs: 100 };

describe("Removal of the tickets of a drill", () => {
  const servers: Server[] = [];
  const tables: Record<Name, Map<string, TicketState>> = { ireland: new Map(), singapore: new Map() };
  let regions: Record<Name, DrillRegion>;
  let silent: Set<Name>;
  /** Statuses of the next deletes, instead of 204. */
  let refusals: number[];
  let isReplicating: boolean;
  let deletes: string[];

  const region = async (name: Name): Promise<DrillRegion> => {
    const server = createServer(({ url = "" }, response) => {
      if (silent.has(name)) return void response.destroy();
      const refusal = refusals.shift();
      if (refusal !== undefined) return void response.writeHead(refusal).end();
      const id = url.slice("/tickets/".length);
      deletes.push(`${name} ${id}`);
      tables[name].set(id, "deleted");
      if (isReplicating) tables[OTHER[name]].set(id, "deleted");
      response.writeHead(204).end();
    });
    servers.push(server);
    const port = await listen(server, { port: 0, purpose: name });
    return { name, code: name, api: `http://127.0.0.1:${port}` };
  };
  const statesIn = async (name: string, ids: readonly string[]): Promise<Map<string, TicketState>> => {
    if (silent.has(name as Name)) throw new Error("ECONNREFUSED");
    return new Map([...tables[name as Name]].filter(([id]) => ids.includes(id)));
  };
  const removed = (
    ids: readonly string[],
    options: typeof OPTIONS,
    inFlight: readonly string[] = [],
  ): Promise<readonly Remaining[]> => {
    const tickets = { ids, isInFlight: (id: string) => inFlight.includes(id) };
    const { ireland: primary, singapore: secondary } = regions;
    return removeTickets({ primary, secondary, statesIn }, tickets, options);
  };
  const states = (id: string): unknown[] => [tables.ireland.get(id), tables.singapore.get(id)];
  const GONE = ["deleted", "deleted"];

  before(async () => {
    regions = { ireland: await region("ireland"), singapore: await region("singapore") };
  });
  beforeEach(() => {
    [silent, refusals, deletes, isReplicating] = [new Set(), [], [], true];
    for (const table of Object.values(tables)) table.clear();
  });
  after(() => Promise.all(servers.map(closeServer)));

  it("deletes a ticket that has not replicated yet, in either direction", async () => {
    tables.ireland.set("A", "live");
    tables.singapore.set("B", "live");
    assert.deepEqual(await removed(["A", "B"], OPTIONS), []);
    assert.deepEqual([states("A"), states("B")], [GONE, GONE]);
    assert.deepEqual(deletes.sort(), ["ireland A", "ireland B"], "one delete each suffices");
  });

  it("deletes in both regions while replication is cut", async () => {
    isReplicating = false;
    for (const table of Object.values(tables)) table.set("A", "live");
    assert.deepEqual(await removed(["A"], OPTIONS), []);
    assert.deepEqual(states("A"), GONE);
  });

  it("leaves a tombstone in both regions for a creation that can still be in flight", async () => {
    assert.deepEqual(await removed(["A"], OPTIONS, ["A"]), []);
    assert.deepEqual(states("A"), GONE);
  });

  it("writes nothing for a ticket that was never created", async () => {
    assert.deepEqual(await removed(["A"], OPTIONS), []);
    assert.deepEqual(deletes, []);
  });

  it("continues after a throttled delete", async () => {
    refusals = [429, 429, 503];
    for (const id of ["A", "B", "C"]) tables.ireland.set(id, "live");
    assert.deepEqual(await removed(["A", "B", "C"], OPTIONS), []);
  });

  it("deletes more tickets than one read can look up", async () => {
    const ids = Array.from({ length: 230 }, (_, index) => `T${index}`);
    for (const id of ids) tables.ireland.set(id, "live");
    assert.deepEqual(await removed(ids, OPTIONS), []);
    assert.equal(deletes.length, 230);
  });

  it("reports what remains by region, with the ids and a command that deletes them", async () => {
    for (const table of Object.values(tables)) for (const id of ["A", "B"]) table.set(id, "live");
    isReplicating = false;
    silent.add("singapore");
    const remaining = await removed(["A", "B"], QUICK);
    assert.deepEqual(
      remaining.map(({ region: { name }, ids }) => [name, ids]),
      [["singapore", ["A", "B"]]],
    );
    const [line, command] = remainingLines(remaining);
    assert.match(line, /^2 tickets of this drill could not be deleted in singapore \(.+\): A, B\.$/);
    assert.equal(command, `  Delete with: curl -X DELETE '${regions.singapore.api}/tickets/{A,B}'`);
  });
});

describe("DrillTickets", () => {
  it("knows ids before the requests are sent, and reports them as in flight for 40 s", () => {
    let now = 1_000_000;
    const tickets = new DrillTickets(now, () => now);
    const { body, headers } = tickets.newRequest("First");
    assert.equal(body.subject, "Drill 1970-01-01T00:16:40.000Z");
    assert.ok(headers["idempotency-key"]);
    const [id] = tickets.ids;
    assert.match(id, /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
    assert.equal(tickets.isInFlight(id), true);
    now += 40_000;
    assert.equal(tickets.isInFlight(id), false);
    tickets.add(id);
    tickets.add("other");
    assert.deepEqual(tickets.ids, [id, "other"]);
  });
});
