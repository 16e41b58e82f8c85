import assert from "node:assert/strict";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { documentDynamoDB } from "../../../functions/shared/aws";
import type { RoutingItem } from "../../../functions/routing/routing-item";
import {
  changeRouting,
  replaceRouting,
  RoutingTable,
  routingTable,
  takeOver,
} from "../../../functions/routing/routing-table";
import { SentinelTable, sentinelTable } from "../../../functions/sentinel/sentinel-table";
import { isUnreadable } from "../../../functions/shared/stored-item";
import { withEnvironment } from "../../support/environment";
import { IRELAND, NOW } from "../../../testing/tickets";
import { EmbeddedTable, FAKE_CREDENTIALS, TABLE_NAME } from "./embedded-table";

const CALLS = { connectionTimeout: 1000, requestTimeout: 2000, maxAttempts: 1 };
const AT = new Date(NOW).toISOString();

describe("Routing items on an emulated DynamoDB", () => {
  withEnvironment(FAKE_CREDENTIALS);
  const table = new EmbeddedTable();
  let routing: RoutingTable;
  let states: SentinelTable;
  before(() => {
    const database = documentDynamoDB(IRELAND, CALLS);
    routing = routingTable(database, TABLE_NAME, IRELAND);
    states = sentinelTable(database, TABLE_NAME, IRELAND);
  });

  it("apply each of several concurrent changes exactly once", async () => {
    assert.equal(await routing.read(), undefined);
    const by = ["ada", "ben", "cleo", "sentinel"];
    const results = await Promise.all(
      by.map((who) =>
        changeRouting(routing, IRELAND, (current) => takeOver(current, { by: who, at: AT, reason: "drill" })),
      ),
    );
    assert.equal(results.filter(({ changed }) => changed).length, 1);
    const item = await routing.read();
    assert.deepEqual([item?.revision, item?.takeover, item?.events.length], [1, true, 1]);
  });

  it("lose no event during many concurrent changes", async () => {
    const flip = (count: number): Promise<unknown> =>
      changeRouting(routing, IRELAND, (current) => ({
        what: current?.takeover ? "failback" : "takeover",
        by: `operator ${count}`,
        at: AT,
        reason: "drill",
      }));
    const before = (await routing.read())?.events.length ?? 0;
    await Promise.all([1, 2, 3, 4].map(flip));
    const events = (await routing.read())?.events ?? [];
    assert.equal(events.length, before + 4);
    assert.deepEqual(
      events
        .slice(before)
        .map(({ by }) => by)
        .sort(),
      [1, 2, 3, 4].map((count) => `operator ${count}`),
    );
    for (const [index, { what }] of events.entries()) assert.equal(what, index % 2 ? "failback" : "takeover");
  });

  it("have no replication or listing attributes", async () => {
    const stored = (await table.stored(`routing-${IRELAND}`)) ?? {};
    for (const name of ["origin", "version", "status"]) assert.ok(!(name in stored));
  });

  for (const [what, revision] of Object.entries<AttributeValue | undefined>({
    "no revision": undefined,
    "a revision that is a text": { S: "x" },
    "a revision of 38 digits": { N: "12345678901234567890123456789012345678" },
    "a revision that is a list": { L: [{ N: "1" }] },
  }))
    it(`are replaced if they are malformed with ${what}, unless they were changed since they were read`, async () => {
      const id = { S: `routing-${IRELAND}` };
      const forged = { id, takeover: { BOOL: true }, ...(revision && { revision }) };
      await table.storeImage(forged);
      const unreadable = await routing.read().catch((error: unknown) => error);
      assert.ok(isUnreadable(unreadable));
      const event = { what: "forced failback", by: "ada", at: AT, reason: "forged" } as const;

      await table.storeImage({ id, revision: { S: "changed" } });
      assert.equal(await replaceRouting(routing, IRELAND, unreadable, event), false);
      assert.deepEqual(await table.stored(id.S), { id, revision: { S: "changed" } });

      await table.storeImage(forged);
      assert.equal(await replaceRouting(routing, IRELAND, unreadable, event), true);
      const { takeover, events } = (await routing.read()) as RoutingItem;
      assert.deepEqual([takeover, events], [false, [event]]);
    });

  it("reject writes of all but the newest invocation of the sentinel", async () => {
    const state = { id: `sentinel-${IRELAND}`, failures: 0 };
    assert.equal(await states.read(), undefined);
    assert.equal(await states.write({ ...state, runner: "one", primary: undefined }, undefined), true);
    assert.equal(await states.write({ ...state, runner: "late" }, undefined), false);
    assert.equal(await states.write({ ...state, runner: "two" }, "one"), true);
    assert.equal(await states.write({ ...state, runner: "one", failures: 9 }, "one"), false);
    assert.deepEqual(await states.read(), { ...state, runner: "two" });
  });
});
