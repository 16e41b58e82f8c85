/*
 * Every run starts from the state that the previous one left, so that what a second run of a configuration would change appears in the next
 * row, unless that row changes the same inputs of the same resources.
 */
import assert from "node:assert/strict";
import { adoptionRow } from "./rows/adoption";
import { auditBucketOf } from "./rows/audit-trail";
import { destroyRows, protectedDestroyRows } from "./rows/destroy";
import { firstDeploymentRows } from "./rows/first-deployment";
import { settingsRows } from "./rows/settings";
import { deliverRecord } from "./support/bucket-records";
import { describeWithEngine, useEngineCloud, type StackUnderTest } from "./support/engine-cloud";
import { firstRounds, holdHealthRoute } from "./support/first-rounds";

const DOMAIN = "tickets.test";
const CONFIG = { "tickets:domainName": DOMAIN };

describeWithEngine("the life of a stack with a domain", () => {
  // The sentinels run, and Route 53 evaluates its checks, while the stack is created.
  const cloud = useEngineCloud({ speed: 10 });
  let opened: StackUnderTest;
  let rounds: ReturnType<typeof firstRounds>;
  const stack = (): StackUnderTest => opened;

  before(async () => {
    opened = await cloud().openStack("ireland", { config: CONFIG });
    holdHealthRoute(cloud());
    rounds = firstRounds(cloud(), DOMAIN);
    // Until the test waits for them, nothing handles an error.
    rounds.catch(() => undefined);
  });

  firstDeploymentRows(stack, CONFIG);

  describe("the sentinels of the first deployment", () => {
    it("take over in no region, although Ireland fails every probe until its API is complete", async () => {
      const { ireland, singapore } = await rounds;
      assert.deepEqual([ireland.sentinel.primary, singapore.sentinel.primary], ["ireland", "ireland"]);
      assert.deepEqual([ireland.routing, singapore.routing], [undefined, undefined]);
    });
  });

  describe("the resources of the first deployment", () => adoptionRow(cloud, stack));

  settingsRows(cloud, stack);
  protectedDestroyRows(cloud, stack);
  // Its bucket outlives the stack.
  describe("an audit trail that has delivered a record", () => {
    before(async () => deliverRecord(cloud(), await auditBucketOf(stack())));
    destroyRows(cloud, stack);
  });
});
