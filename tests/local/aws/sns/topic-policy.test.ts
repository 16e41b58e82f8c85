import assert from "node:assert/strict";
import type { ExistingResource } from "../../../../local/aws/resource";
import { LocalSns } from "../../../../local/aws/sns/sns";
import { createResource, deleteResource, readResource, updateResource } from "../../support/create-resource";

const POLICY = "aws:sns/topicPolicy:TopicPolicy";
const ARN = "arn:aws:sns:eu-west-1:000000000000:alarms";

const document = (statement: object = {}): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: "sns:Publish",
        Resource: ARN,
        ...statement,
      },
    ],
  });

describe("TopicPolicy of LocalSns", () => {
  let sns: LocalSns;
  let topic: ExistingResource;
  beforeEach(async () => {
    sns = new LocalSns();
    topic = await createResource(sns, "aws:sns/topic:Topic", { name: "alarms" });
  });
  afterEach(() => sns.close());

  it("has the ARN of its topic as its id, and changes in place", async () => {
    const policy = await createResource(sns, POLICY, { arn: ARN, policy: document() });
    assert.deepEqual([policy.id, policy.outputs.owner], [ARN, "000000000000"]);
    const inputs = { arn: ARN, policy: document({ Effect: "Deny" }) };
    await updateResource(sns, policy, inputs);
    assert.deepEqual((await readResource(sns, policy))?.inputs, inputs);
  });

  it("is gone when it or its topic is deleted", async () => {
    const policy = await createResource(sns, POLICY, { arn: ARN, policy: document() });
    await deleteResource(sns, policy);
    assert.equal(await readResource(sns, policy), undefined);
    const again = await createResource(sns, POLICY, { arn: ARN, policy: document() });
    await deleteResource(sns, topic);
    assert.equal(await readResource(sns, again), undefined);
    await deleteResource(sns, again);
  });

  it("rejects an unknown topic, a malformed policy, and what SNS rejects in a policy", async () => {
    const put = (policy: string, arn = ARN): Promise<unknown> => createResource(sns, POLICY, { arn, policy });
    await assert.rejects(put(document(), `${ARN}-other`), /NotFound: Topic does not exist/);
    await assert.rejects(put("{}"), /MalformedPolicyDocument/);
    for (const Action of ["sns:*", "sqs:SendMessage", "sns:ListTopics"])
      await assert.rejects(put(document({ Action })), /InvalidParameter: .*action out of service scope/);
    await assert.rejects(
      put(document({ Resource: `${ARN}-other` })),
      /InvalidParameter: .*must be the topic/,
    );
    await put(document({ Action: ["SNS:Publish", "sns:Subscribe"] }));
  });
});
