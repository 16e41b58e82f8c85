import assert from "node:assert/strict";
import { LocalSns } from "../../../../local/aws/sns/sns";
import type { ExistingResource } from "../../../../local/aws/resource";
import { createResource, deleteResource, readResource, updateResource } from "../../support/create-resource";

const TOPIC = "aws:sns/topic:Topic";
const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";
const ARN = "arn:aws:sns:eu-west-1:000000000000:alarms";

describe("Topic of LocalSns", () => {
  let sns: LocalSns;
  beforeEach(() => {
    sns = new LocalSns();
  });
  afterEach(() => sns.close());

  it("returns its ARN, with a generated name if none is given", async () => {
    const { id, outputs } = await createResource(sns, TOPIC, { name: "alarms" });
    assert.equal(id, ARN);
    assert.deepEqual([outputs.arn, outputs.name], [ARN, "alarms"]);
    assert.equal((await createResource(sns, TOPIC, {})).id, "arn:aws:sns:eu-west-1:000000000000:it-0123456");
  });

  it("changes its display name and tags in place", async () => {
    const topic = await createResource(sns, TOPIC, { name: "alarms", displayName: "Alarms" });
    const inputs = { name: "alarms", tags: { team: "tickets" } };
    assert.equal((await updateResource(sns, topic, inputs)).outputs.arn, ARN);
    assert.deepEqual((await readResource(sns, topic))?.inputs, inputs);
  });

  it("is shared by two resources of one name, and gone when either is deleted", async () => {
    const first = await createResource(sns, TOPIC, { name: "alarms", displayName: "first" });
    const second = await createResource(
      sns,
      TOPIC,
      { name: "alarms", displayName: "second" },
      { name: "other" },
    );
    assert.equal(second.id, first.id);
    assert.equal((await readResource(sns, first))?.inputs.displayName, "second");
    await deleteResource(sns, second);
    assert.equal(await readResource(sns, first), undefined);
    await deleteResource(sns, first);
    await assert.rejects(updateResource(sns, first, { name: "alarms" }), /NotFound: Topic does not exist/);
  });

  it("rejects a second resource of one name with other tags", async () => {
    await createResource(sns, TOPIC, { name: "alarms", tags: { a: "1" } });
    await assert.rejects(
      createResource(sns, TOPIC, { name: "alarms", tags: { a: "2" } }),
      /InvalidParameter: .*Topic already exists with different tags/,
    );
  });

  it("rejects a name that SNS rejects, and inputs without an emulation", async () => {
    await assert.rejects(createResource(sns, TOPIC, { name: "a b" }), /InvalidParameter: .*"a b"/);
    await assert.rejects(createResource(sns, TOPIC, { fifoTopic: true }), /does not support fifoTopic/);
  });

  it("is replaced when its name changes", () => {
    const { replacing, updatable } = sns.resourceHandlers[TOPIC];
    assert.deepEqual(
      [Object.keys(replacing), updatable],
      [
        ["name", "region"],
        ["displayName", "tags"],
      ],
    );
  });
});

describe("TopicSubscription of LocalSns", () => {
  const INPUTS = { topic: ARN, protocol: "email", endpoint: "a@example.com" };
  let sns: LocalSns;
  let topic: ExistingResource;
  beforeEach(async () => {
    sns = new LocalSns();
    topic = await createResource(sns, TOPIC, { name: "alarms" });
  });
  afterEach(() => sns.close());

  it("stays unconfirmed", async () => {
    const subscription = await createResource(sns, SUBSCRIPTION, INPUTS);
    assert.equal(subscription.id, `${ARN}:it-0123456`);
    assert.equal(subscription.outputs.pendingConfirmation, true);
    assert.deepEqual((await readResource(sns, subscription))?.inputs, INPUTS);
  });

  it("is the existing one for an endpoint that is already subscribed", async () => {
    const first = await createResource(sns, SUBSCRIPTION, INPUTS);
    const second = await createResource(sns, SUBSCRIPTION, INPUTS, { name: "other" });
    assert.equal(second.id, first.id);
    const other = { ...INPUTS, endpoint: "b@example.com" };
    const third = await createResource(sns, SUBSCRIPTION, other, { name: "third" });
    assert.notEqual(third.id, first.id);
  });

  it("is deleted alone or with its topic", async () => {
    const first = await createResource(sns, SUBSCRIPTION, INPUTS);
    await deleteResource(sns, first);
    await deleteResource(sns, first);
    assert.equal(await readResource(sns, first), undefined);
    const second = await createResource(sns, SUBSCRIPTION, INPUTS);
    await deleteResource(sns, topic);
    assert.equal(await readResource(sns, second), undefined);
    await deleteResource(sns, second);
    await assert.rejects(updateResource(sns, second, INPUTS), /NotFound: Subscription does not exist/);
  });

  it("rejects an unknown topic, a topic of another region, and protocols that deliver", async () => {
    for (const [inputs, about] of [
      [{ topic: `${ARN}-2` }, /NotFound: Topic does not exist: .*:alarms-2/],
      [{ topic: "arn:aws:sns:us-east-1:0:alarms" }, /InvalidParameter: .*is not in eu-west-1/],
      [{ protocol: "sqs" }, /protocol: "sqs" is not emulated/],
      [{ filterPolicy: "{}" }, /does not support filterPolicy/],
    ] as const)
      await assert.rejects(createResource(sns, SUBSCRIPTION, { ...INPUTS, ...inputs }), about);
  });

  it("is replaced by any change", () => {
    const { replacing, updatable } = sns.resourceHandlers[SUBSCRIPTION];
    assert.deepEqual(Object.keys(replacing), ["topic", "protocol", "endpoint", "region"]);
    assert.deepEqual(updatable, []);
  });
});
