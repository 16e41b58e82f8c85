import assert from "node:assert/strict";
import { LocalSns } from "../../../../local/aws/sns/sns";
import { createResource } from "../../support/create-resource";

const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";

describe("LocalSns", () => {
  it("returns the ARNs of a topic and of a subscription to it", async () => {
    const sns = new LocalSns();
    const { outputs } = await createResource(sns, "aws:sns/topic:Topic", {}, { name: "alarms" });
    assert.equal(outputs.arn, "arn:aws:sns:eu-west-1:000000000000:alarms-0123456");
    const subscription = { topic: outputs.arn, protocol: "email", endpoint: "a@example.com" };
    assert.match((await createResource(sns, SUBSCRIPTION, subscription)).id, /:alarms-0123456:it-0123456$/);
  });

  it("rejects a subscription to an unknown topic", async () => {
    const subscription = {
      topic: "arn:aws:sns:eu-west-1:000000000000:none",
      protocol: "email",
      endpoint: "a",
    };
    await assert.rejects(
      createResource(new LocalSns(), SUBSCRIPTION, subscription),
      /there is no topic .*:none/,
    );
  });
});
