import assert from "node:assert/strict";
import { apiHandler, Operation } from "../../../functions/http/api";
import { routingId } from "../../../functions/shared/reserved-items";
import { routingOperation } from "../../../functions/routing/routing";
import { changedItem, MAXIMUM_EVENTS, RoutingItem } from "../../../functions/routing/routing-item";
import { changeRouting, failBack, takeOver } from "../../../functions/routing/routing-table";
import { isTicketId } from "../../../functions/tickets/ticket-id";
import { httpEvent, invoke } from "../../../testing/api-calls";
import { withEnvironment } from "../../support/environment";
import { captureLogs } from "../../support/logs";
import { NOW, SINGAPORE } from "../../../testing/tickets";
import { MemoryRouting } from "./memory-routing";

const AT = new Date(NOW).toISOString();
const TAKEOVER = { by: "operator ada", at: AT, reason: "Ireland burns" };

describe("Routing item", () => {
  it("is not a ticket, and never replicates", () => {
    const item = changedItem(SINGAPORE, undefined, { what: "takeover", ...TAKEOVER });
    assert.equal(isTicketId(item.id), false);
    assert.equal(item.id, routingId(SINGAPORE));
    assert.ok(!("origin" in item));
  });

  it("contains the last change, the number of changes, and the last 50 changes", () => {
    let item: RoutingItem | undefined;
    for (let count = 1; count <= MAXIMUM_EVENTS + 2; count++)
      item = changedItem(SINGAPORE, item, {
        what: count % 2 ? "takeover" : "failback",
        by: `operator ${count}`,
        at: AT,
        reason: "drill",
      });
    assert.deepEqual([item?.revision, item?.takeover, item?.by], [52, false, "operator 52"]);
    assert.deepEqual(
      [item?.events.length, item?.events[0].by, item?.events.at(-1)?.what],
      [MAXIMUM_EVENTS, "operator 3", "failback"],
    );
  });

  it("shortens a long reason", () => {
    const item = changedItem(SINGAPORE, undefined, {
      what: "takeover",
      ...TAKEOVER,
      reason: "x".repeat(5000),
    });
    assert.equal(item.reason.length, 1000);
    assert.equal(item.events[0].reason.length, 1000);
  });
});

describe("changeRouting", () => {
  let table: MemoryRouting;
  beforeEach(() => (table = new MemoryRouting()));

  it("writes a change once, and nothing if the region has already taken over", async () => {
    const change = (): ReturnType<typeof changeRouting> =>
      changeRouting(table, SINGAPORE, (current) => takeOver(current, TAKEOVER));
    assert.equal((await change()).changed, true);
    const { item, changed } = await change();
    assert.deepEqual([changed, item?.revision, item?.events.length], [false, 1, 1]);
  });

  it("decides the second of two concurrent changes again, so that no event is lost", async () => {
    table.beforeWrite = () => {
      table.beforeWrite = () => undefined;
      table.item = changedItem(SINGAPORE, undefined, { what: "takeover", ...TAKEOVER, by: "sentinel" });
    };
    const { item, changed } = await changeRouting(table, SINGAPORE, (current) => takeOver(current, TAKEOVER));
    assert.deepEqual([changed, item?.events.map(({ by }) => by)], [false, ["sentinel"]]);
  });

  for (const isChangedSince of [false, true])
    it(`reports a change whose response was lost${isChangedSince ? ", even if another change followed" : ""}`, async () => {
      let writes = 0;
      table.write = async (item) => {
        writes++;
        const failback = { what: "failback", by: "operator ben", at: AT, reason: "healthy again" } as const;
        table.item = isChangedSince ? changedItem(SINGAPORE, item, failback) : item;
        return false;
      };
      const reason = "x".repeat(5000);
      const result = await changeRouting(table, SINGAPORE, (current) =>
        takeOver(current, { ...TAKEOVER, reason }),
      );
      assert.deepEqual(result, { item: table.item, changed: true });
      assert.equal(writes, 1);
    });

  it("reports no change if another writer made a similar one first", async () => {
    table.beforeWrite = () => {
      const earlier = { ...TAKEOVER, at: new Date(NOW - 1).toISOString() };
      table.item = changedItem(SINGAPORE, undefined, { what: "takeover", ...earlier });
    };
    const { changed } = await changeRouting(table, SINGAPORE, (current) => takeOver(current, TAKEOVER));
    assert.equal(changed, false);
  });

  it("throws an error if other changes come first in every attempt", async () => {
    let revision = 1;
    table.beforeWrite = () => {
      const item = changedItem(SINGAPORE, table.item, { what: "failback", ...TAKEOVER });
      table.item = { ...item, revision: (revision += 2) };
    };
    await assert.rejects(
      changeRouting(table, SINGAPORE, (current) => takeOver(current, TAKEOVER)),
      /during each of 10 attempts/,
    );
  });

  it("ends only the takeover that the failback gates were checked for", () => {
    const first = changedItem(SINGAPORE, undefined, { what: "takeover", ...TAKEOVER });
    const event = { what: "failback", ...TAKEOVER } as const;
    assert.equal(failBack(first, 1, event), event);
    assert.equal(failBack(undefined, 0, event), undefined);
    const back = changedItem(SINGAPORE, first, event);
    assert.equal(failBack(back, 2, event), undefined);
    const again = changedItem(SINGAPORE, back, { what: "takeover", ...TAKEOVER });
    assert.equal(failBack(again, 1, event), undefined);
    assert.equal(failBack(again, 3, event), event);
  });
});

describe("GET /routing", () => {
  withEnvironment({ AWS_REGION: SINGAPORE });
  const logs = captureLogs();
  let table: MemoryRouting;
  let reads: number;
  let now: number;
  let primary: string | undefined;
  let routing: Operation;
  beforeEach(() => {
    [table, reads, now, primary] = [new MemoryRouting(), 0, NOW, undefined];
    const read = async (): Promise<RoutingItem | undefined> => {
      reads++;
      return table.read();
    };
    routing = routingOperation({
      table: { read },
      region: SINGAPORE,
      primary: async () => primary,
      now: () => now,
    });
  });
  const ask = (): ReturnType<typeof invoke> =>
    invoke(apiHandler("describeRouting", routing), httpEvent("GET", "/routing"));

  it("returns false before the first change", async () => {
    const { status, text } = await ask();
    assert.deepEqual([status, text], [200, '{"takeover":false,"region":"ap-southeast-1","at":null}']);
  });

  it("returns true and the time after a takeover, but not who or why", async () => {
    table.item = changedItem(SINGAPORE, undefined, { what: "takeover", ...TAKEOVER });
    const { text } = await ask();
    assert.equal(text, `{"takeover":true,"region":"ap-southeast-1","at":"${AT}"}`);
  });

  it("names the primary after the search string of Route 53's health check", async () => {
    primary = "ireland";
    table.item = changedItem(SINGAPORE, undefined, { what: "takeover", ...TAKEOVER });
    const { text } = await ask();
    assert.equal(text, `{"takeover":true,"region":"ap-southeast-1","at":"${AT}","primary":"ireland"}`);
  });

  it("forbids every cache to store the state", async () => {
    assert.equal((await ask()).headers["cache-control"], "no-store");
  });

  it("returns false after the failback", async () => {
    const taken = changedItem(SINGAPORE, undefined, { what: "takeover", ...TAKEOVER });
    table.item = changedItem(SINGAPORE, taken, { what: "failback", ...TAKEOVER });
    assert.match((await ask()).text, /^\{"takeover":false,/);
  });

  it("returns 503 without a search string of Route 53 if the table cannot be read", async () => {
    table.read = async () => Promise.reject(new Error("The table is away."));
    const answer = await ask();
    assert.deepEqual([answer.status, answer.headers["retry-after"]], [503, "1"]);
    assert.doesNotMatch(answer.text, /takeover":true/);
    assert.equal(logs.lines[0].reason, "The table is away.");
  });

  it("reads at most once a second, for any number of requests", async () => {
    await Promise.all([ask(), ask()]);
    now += 999;
    await ask();
    assert.equal(reads, 1);
    now += 1;
    await ask();
    assert.equal(reads, 2);
  });
});
