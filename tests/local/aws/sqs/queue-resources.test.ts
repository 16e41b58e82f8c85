import assert from "node:assert/strict";
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { Regions } from "../../../../local/aws/regions";
import type { ExistingResource } from "../../../../local/aws/resource";
import { LocalFauxqs } from "../../../../local/aws/sqs/fauxqs";
import { LocalSqs } from "../../../../local/aws/sqs/sqs";
import { createResource, deleteResource, readResource, updateResource } from "../../support/create-resource";

const QUEUE = "aws:sqs/queue:Queue";
const POLICY = "aws:sqs/queuePolicy:QueuePolicy";
const REGION = "eu-west-1";

describe("SQS resources", () => {
  let fauxqs: LocalFauxqs;
  let sqs: LocalSqs;
  let client: SQSClient;

  beforeEach(async () => {
    fauxqs = await LocalFauxqs.start(new Regions([{ name: "ireland", code: REGION }]));
    sqs = new LocalSqs({ fauxqs, endpointUrl: "http://127.0.0.1:1" });
    const credentials = { accessKeyId: "x", secretAccessKey: "x" };
    client = new SQSClient({
      region: REGION,
      endpoint: fauxqs.endpoint(REGION),
      useQueueUrlAsEndpoint: false,
      credentials,
      maxAttempts: 1,
    });
  });
  afterEach(async () => {
    client.destroy();
    await fauxqs.close();
  });

  const send = (QueueUrl: string, MessageBody: string) =>
    client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  const receive = async (QueueUrl: string): Promise<string | undefined> =>
    (await client.send(new ReceiveMessageCommand({ QueueUrl }))).Messages?.[0].Body;

  describe("queue", () => {
    it("changes its attributes in place, keeps its messages, and returns to the defaults", async () => {
      const queue = await createResource(sqs, QUEUE, { visibilityTimeoutSeconds: 600 }, { name: "work" });
      assert.equal(queue.outputs.name, "work-0123456");
      await send(queue.id, "m");
      const small = await updateResource(sqs, queue, { visibilityTimeoutSeconds: 0, maxMessageSize: 1024 });
      assert.deepEqual([small.id, small.outputs], [queue.id, queue.outputs]);
      assert.deepEqual([await receive(queue.id), await receive(queue.id)], ["m", "m"]);
      await assert.rejects(send(queue.id, "m".repeat(1025)), /1024 bytes/);
      await updateResource(sqs, small, {});
      await send(queue.id, "m".repeat(1025));
    });

    it("stops moving messages when its redrive policy is removed", async () => {
      const dead = await createResource(sqs, QUEUE, { name: "dead" });
      const redrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.outputs.arn, maxReceiveCount: 1 });
      const inputs = { name: "work", visibilityTimeoutSeconds: 0 };
      const work = await createResource(sqs, QUEUE, { ...inputs, redrivePolicy });
      await send(work.id, "m");
      await updateResource(sqs, work, inputs);
      assert.deepEqual([await receive(work.id), await receive(work.id)], ["m", "m"]);
      assert.equal(await sqs.depth(String(dead.outputs.arn)), 0);
    });

    it("is created again with equal attributes, and rejected with others", async () => {
      const inputs = { name: "q", delaySeconds: 5 };
      const first = await createResource(sqs, QUEUE, inputs);
      assert.equal((await createResource(sqs, QUEUE, inputs)).id, first.id);
      await assert.rejects(createResource(sqs, QUEUE, { name: "q" }), /QueueNameExists.*DelaySeconds/);
    });

    it("is deleted with its messages, and can be created again at once", async () => {
      const queue = await createResource(sqs, QUEUE, { name: "q" });
      await send(queue.id, "m");
      await deleteResource(sqs, queue);
      await assert.rejects(send(queue.id, "m"), /does not exist/);
      await assert.rejects(updateResource(sqs, queue, { delaySeconds: 1 }), /QueueDoesNotExist/);
      await deleteResource(sqs, queue);
      const again = await createResource(sqs, QUEUE, { name: "q" });
      assert.equal(await sqs.depth(String(again.outputs.arn)), 0);
    });

    it("is read with the inputs that are in effect, and as gone when it was deleted", async () => {
      const inputs = { name: "q", delaySeconds: 5, sqsManagedSseEnabled: true };
      const queue = await createResource(sqs, QUEUE, inputs);
      assert.deepEqual(await readResource(sqs, queue), { id: queue.id, outputs: queue.outputs, inputs });
      // Another program changes the queue.
      await updateResource(sqs, queue, { name: "q", delaySeconds: 6, visibilityTimeoutSeconds: 31 });
      assert.deepEqual((await readResource(sqs, queue))?.inputs, {
        ...inputs,
        delaySeconds: 6,
        visibilityTimeoutSeconds: 31,
      });
      await deleteResource(sqs, queue);
      assert.equal(await readResource(sqs, queue), undefined);
    });

    it("is read by its id alone, and without old inputs among its outputs", async () => {
      const queue = await createResource(sqs, QUEUE, { name: "q", delaySeconds: 5 });
      const expected = { id: queue.id, inputs: queue.inputs, outputs: queue.outputs };
      assert.deepEqual(await readResource(sqs, { ...queue, inputs: {}, outputs: {} }), expected);
      // The engine stores the inputs with the outputs.
      const outputs = { ...queue.outputs, delaySeconds: 4 };
      assert.deepEqual(await readResource(sqs, { ...queue, outputs }), expected);
    });

    it("has a KMS key of its region, or encryption by SQS", async () => {
      const key = (region: string): string => `arn:aws:kms:${region}:000000000000:key/1`;
      const kmsMasterKeyId = key("eu-west-1");
      const queue = await createResource(sqs, QUEUE, { name: "q", kmsMasterKeyId });
      const arn = String(queue.outputs.arn);
      assert.equal(sqs.kmsKeyOf(arn), kmsMasterKeyId);
      for (const [inputs, about] of [
        [
          { kmsMasterKeyId: key("ap-southeast-1") },
          /kmsMasterKeyId: NotFoundException: Invalid arn ap-southeast-1/,
        ],
        [{ kmsMasterKeyId, sqsManagedSseEnabled: true }, /conflicts with sqsManagedSseEnabled/],
      ] as const) {
        await assert.rejects(createResource(sqs, QUEUE, { name: "other", ...inputs }), about);
        await assert.rejects(updateResource(sqs, queue, { name: "q", ...inputs }), about);
      }
      assert.equal(sqs.kmsKeyOf(arn), kmsMasterKeyId);
      await updateResource(sqs, queue, { name: "q", sqsManagedSseEnabled: true });
      assert.equal(sqs.kmsKeyOf(arn), undefined);
    });

    it("is replaced when its name changes", () => {
      assert.deepEqual(Object.keys(sqs.resourceHandlers[QUEUE].replacing), ["name"]);
    });
  });

  describe("queue policy", () => {
    const document = (Effect: string): string =>
      JSON.stringify({ Statement: { Effect, Principal: "*", Action: "sqs:*", Resource: "*" } });
    let queue: ExistingResource;

    beforeEach(async () => {
      queue = await createResource(sqs, QUEUE, { name: "q" });
    });

    it("is updated, read and deleted with the queue's policy", async () => {
      const policy = await createResource(sqs, POLICY, { queueUrl: queue.id, policy: document("Deny") });
      const updated = await updateResource(sqs, policy, { ...policy.inputs, policy: document("Allow") });
      assert.deepEqual((await readResource(sqs, policy))?.inputs, updated.inputs);
      await assert.rejects(
        updateResource(sqs, policy, { queueUrl: queue.id, policy: "{}" }),
        /MalformedPolicyDocument/,
      );
      await deleteResource(sqs, policy);
      assert.equal(await readResource(sqs, policy), undefined);
    });

    it("disappears with its queue", async () => {
      const policy = await createResource(sqs, POLICY, { queueUrl: queue.id, policy: document("Deny") });
      await deleteResource(sqs, queue);
      assert.equal(await readResource(sqs, policy), undefined);
      await deleteResource(sqs, policy);
    });
  });
});
