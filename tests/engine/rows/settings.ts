import assert from "node:assert/strict";
import type { ResourceName } from "../../../local/pulumi/engine/engine-run";
import type { EngineCloud, StackUnderTest } from "../support/engine-cloud";
import { assertChanges, assertOrder, ofType, updatedInputs } from "../support/transition";
import { ACCOUNT_SETTINGS, accountRows } from "./account";
import { auditTrailRows } from "./audit-trail";

const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";
const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
const TABLE = "aws:dynamodb/table:Table";

/** One subscription per region, and one in us-east-1 for the alarms of Route 53. */
const SUBSCRIPTIONS = ["ireland-alarms", "routing-alarms", "singapore-alarms"].map(
  (name) => `${SUBSCRIPTION} ${name}`,
);
const TABLES = ["ireland-conflicts", "ireland-tickets", "singapore-conflicts", "singapore-tickets"].map(
  (name) => `${TABLE} ${name}`,
);
/** Rows of changed settings. They end with every option on and the data protected. */
export function settingsRows(cloud: () => EngineCloud, stack: () => StackUnderTest): void {
  const change = (key: string, value: string | undefined): ReturnType<StackUnderTest["up"]> =>
    stack().up({ config: { [`tickets:${key}`]: value } });

  describe("alarmEmail", () => {
    it("adds a subscription per topic when it is set", async () => {
      assertChanges(await change("alarmEmail", "operators@example.com"), { created: SUBSCRIPTIONS });
    });

    it("replaces the subscriptions when it changes: the new address is subscribed before the old one is removed", async () => {
      const run = await change("alarmEmail", "team@example.com");
      assertChanges(run, { replaced: SUBSCRIPTIONS });
      assertOrder(run, "create-replacement", "delete-replaced");
    });

    it("removes the subscriptions when it is removed", async () => {
      assertChanges(await change("alarmEmail", undefined), { deleted: SUBSCRIPTIONS });
    });
  });

  describe("logRetentionDays", () => {
    it("updates every log group in place, and nothing else", async () => {
      const run = await change("logRetentionDays", "90");
      const { resources = [] } = await stack().state();
      const groups = resources.filter(({ type }) => type === LOG_GROUP);
      assert.ok(groups.length > 0);
      assertChanges(run, { updated: groups.map(({ urn }) => `${LOG_GROUP} ${urn.split("::").pop()}`) });
      assert.deepEqual(updatedInputs(run), ["retentionInDays"]);
    });

    it("updates the same log groups back", async () => {
      const run = await change("logRetentionDays", undefined);
      assertChanges(run, { updated: ofType(LOG_GROUP, run.updated) });
      assert.deepEqual(updatedInputs(run), ["retentionInDays"]);
    });
  });

  auditTrailRows(cloud, stack);
  accountRows(cloud, stack);

  describe("protectData", () => {
    it("updates the tables when it is turned off", async () => {
      const run = await change("protectData", "false");
      assertChanges(run, { updated: TABLES });
      assert.deepEqual(updatedInputs(run), ["deletionProtectionEnabled"]);
      assert.deepEqual(
        await protectionOf(stack()),
        TABLES.map((name) => [name, false, false]),
      );
    });

    it("updates them back when it is turned on, for Pulumi and for AWS", async () => {
      const run = await change("protectData", "true");
      assertChanges(run, { updated: TABLES });
      assert.deepEqual(
        await protectionOf(stack()),
        TABLES.map((name) => [name, true, true]),
      );
    });
  });

  describe("every option at once", () => {
    it("finds no difference in a refresh", async () => {
      await stack().up({
        config: {
          "tickets:alarmEmail": "operators@example.com",
          "tickets:logRetentionDays": "90",
          ...ACCOUNT_SETTINGS,
        },
      });
      assertChanges(await stack().refresh(), {});
      assertChanges(await stack().preview(), {});
    });
  });
}

/** Returns the name of each table, and whether Pulumi and AWS protect it. */
async function protectionOf(stack: StackUnderTest): Promise<[ResourceName, boolean, boolean][]> {
  const { resources = [] } = await stack.state();
  return resources
    .filter(({ type }) => type === TABLE)
    .map(({ urn, protect, outputs }): [ResourceName, boolean, boolean] => [
      `${TABLE} ${urn.split("::").pop()}`,
      protect === true,
      outputs?.deletionProtectionEnabled === true,
    ])
    .sort(([one], [other]) => (one < other ? -1 : 1));
}
