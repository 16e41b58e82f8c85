import { auditBucketOf } from "./rows/audit-trail";
import { destroyRows, protectedDestroyRows } from "./rows/destroy";
import { firstDeploymentRows } from "./rows/first-deployment";
import { settingsRows } from "./rows/settings";
import { deliverRecord } from "./support/bucket-records";
import { describeWithEngine, useEngineCloud, type StackUnderTest } from "./support/engine-cloud";

const CONFIG = { "tickets:domainName": "tickets.test" };

describeWithEngine("the life of a stack with a domain", () => {
  const cloud = useEngineCloud();
  let opened: StackUnderTest;
  const stack = (): StackUnderTest => opened;

  before(async () => {
    opened = await cloud().openStack("ireland", { config: CONFIG });
  });

  firstDeploymentRows(stack, CONFIG);
  settingsRows(cloud, stack);
  protectedDestroyRows(cloud, stack);
  // Its bucket outlives the stack.
  describe("an audit trail that has delivered a record", () => {
    before(async () => deliverRecord(cloud(), await auditBucketOf(stack())));
    destroyRows(cloud, stack);
  });
});
