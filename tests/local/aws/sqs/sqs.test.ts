import assert from "node:assert/strict";
import {
  GetQueueUrlCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { LocalFauxqs } from "../../../../local/aws/sqs/fauxqs";
import { LocalSqs } from "../../../../local/aws/sqs/sqs";
import { waitFor } from "../../../support/wait-for";
import { createResource } from "../../support/create-resource";
import { openEndpoint, type OpenEndpoint } from "../../support/open-endpoint";
import { credentialsWith } from "../../support/function-roles";
import { statusOf } from "../../support/status-of";

const QUEUE = "aws:sqs/queue:Queue";
const SINGAPORE = "ap-southeast-1";

describe("LocalSqs", () => {
  const clients: SQSClient[] = [];
  let open: OpenEndpoint;
  let fauxqs: LocalFauxqs;
  let sqs: LocalSqs;

  beforeEach(async () => {
    open = await openEndpoint();
    fauxqs = await LocalFauxqs.start(open.regions);
    sqs = new LocalSqs({ fauxqs, endpointUrl: open.url });
    for (const { code } of open.regions.all()) open.endpoint.register("sqs", code, sqs.endpoint(code));
  });
  afterEach(async () => {
    clients.splice(0).forEach((client) => client.destroy());
    await open.endpoint.close();
    await sqs.close();
    await fauxqs.close();
  });

  async function clientWith(Action: string[], Resource: string, endpoint?: string): Promise<SQSClient> {
    const credentials = await credentialsWith(open.iam, [{ Effect: "Allow", Action, Resource }]);
    const quiet = { debug() {}, info() {}, warn() {}, error() {} };
    const client = new SQSClient({
      endpoint,
      region: "eu-west-1",
      credentials,
      maxAttempts: 1,
      logger: quiet,
    });
    clients.push(client);
    return client;
  }

  it("returns the messages of a queue without hiding them", async () => {
    const { outputs } = await createResource(sqs, QUEUE, { name: "quarantine" });
    const QueueUrl = String(outputs.url);
    const client = await clientWith(["sqs:SendMessage"], String(outputs.arn), sqs.endpoint("eu-west-1"));
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: "one" }));
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: "two" }));
    const messages = async (): Promise<unknown[]> =>
      (await sqs.messages("eu-west-1", QueueUrl)).map(({ body, isHidden }) => [body, isHidden]).sort();
    assert.deepEqual(await messages(), [
      ["one", false],
      ["two", false],
    ]);
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 1, VisibilityTimeout: 60 }),
    );
    assert.equal(Messages.length, 1);
    assert.deepEqual(await messages(), [
      ["one", Messages[0].Body === "one"],
      ["two", Messages[0].Body === "two"],
    ]);
    await assert.rejects(sqs.messages("eu-west-1", `${open.url}/000000000000/other`), /There is no queue/);
  });

  it("returns the URL, ARN and name of a queue, under the functions' endpoint", async () => {
    const { id, outputs } = await createResource(sqs, QUEUE, {
      name: "quarantine",
      sqsManagedSseEnabled: true,
    });
    const url = `${open.url}/000000000000/quarantine`;
    const arn = "arn:aws:sqs:eu-west-1:000000000000:quarantine";
    assert.deepEqual({ id, outputs }, { id: url, outputs: { url, arn, name: "quarantine" } });
  });

  for (const way of ["the configured endpoint", "the queue's URL"] as const)
    it(`accepts messages through ${way} from a role that may send, and denies it to read`, async () => {
      const { outputs } = await createResource(sqs, QUEUE, { name: "quarantine" });
      const QueueUrl = String(outputs.url);
      const arn = String(outputs.arn);
      const client = await clientWith(
        ["sqs:SendMessage"],
        arn,
        way === "the queue's URL" ? undefined : open.url,
      );
      const { MessageId } = await client.send(new SendMessageCommand({ QueueUrl, MessageBody: "record" }));
      assert.ok(MessageId);
      assert.equal(await sqs.depth(arn), 1);
      await assert.rejects(client.send(new ReceiveMessageCommand({ QueueUrl })), (error: Error) => {
        assert.equal(error.name, "AccessDeniedException");
        assert.ok(error.message.includes(`sqs:ReceiveMessage on resource: ${arn}`));
        return true;
      });
    });

  it("returns the same URL to a role that requests it", async () => {
    const { outputs } = await createResource(sqs, QUEUE, { name: "quarantine" });
    const client = await clientWith(["sqs:GetQueueUrl", "sqs:ListQueues"], "*", open.url);
    const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: "quarantine" }));
    const { QueueUrls } = await client.send(new ListQueuesCommand({}));
    assert.deepEqual([QueueUrl, QueueUrls], [outputs.url, [outputs.url]]);
  });

  it("accepts a message of 1 MiB and rejects a larger one", async () => {
    const { outputs } = await createResource(sqs, QUEUE, { name: "large" });
    const client = await clientWith(["sqs:SendMessage"], String(outputs.arn), open.url);
    const send = (size: number) =>
      client.send(new SendMessageCommand({ QueueUrl: String(outputs.url), MessageBody: "m".repeat(size) }));
    await send(1024 * 1024);
    await assert.rejects(send(1024 * 1024 + 1), /shorter than 1048576 bytes/);
  });

  describe("characters of a message", () => {
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
    const ALLOWED = [
      "\t\n\r",
      " ",
      "\u007F",
      "\uD7FF",
      "\uE000",
      "\uFFFD",
      "\u{10000}",
      "😀",
      "\u{1FFFE}",
      "\u{10FFFF}",
    ];
    const REJECTED = ["\0", "\u0008", "\u000B", "\u001F", "\uFFFE", "\uFFFF", "\uD83D", "\uDE00\uD83D"];

    it("are stored and returned unchanged if SQS allows them, and rejected otherwise", async () => {
      const { outputs } = await createResource(sqs, QUEUE, { name: "characters" });
      const QueueUrl = String(outputs.url);
      const client = await clientWith(
        ["sqs:SendMessage", "sqs:ReceiveMessage"],
        String(outputs.arn),
        open.url,
      );
      for (const text of ALLOWED)
        await client.send(new SendMessageCommand({ QueueUrl, MessageBody: `a${text}b` }));
      const input = { QueueUrl, MaxNumberOfMessages: 10 };
      const { Messages = [] } = await client.send(new ReceiveMessageCommand(input));
      assert.deepEqual(Messages.map(({ Body }) => Body).sort(), ALLOWED.map((text) => `a${text}b`).sort());
      for (const text of REJECTED)
        await assert.rejects(
          client.send(new SendMessageCommand({ QueueUrl, MessageBody: `a${text}b` })),
          { name: /InvalidMessageContents$/ },
          JSON.stringify(text),
        );
    });

    it("are checked for each message of a batch", async () => {
      const { outputs } = await createResource(sqs, QUEUE, { name: "batch" });
      const client = await clientWith(["sqs:SendMessage"], String(outputs.arn), open.url);
      const Entries = ["😀", "\uFFFE"].map((MessageBody, index) => ({ Id: String(index), MessageBody }));
      const input = { QueueUrl: String(outputs.url), Entries };
      const { Successful = [], Failed = [] } = await client.send(new SendMessageBatchCommand(input));
      assert.deepEqual([Successful.map(({ Id }) => Id), Failed.map(({ Id }) => Id)], [["0"], ["1"]]);
    });
  });

  it("separates the queues of two regions with the same name and URL", async () => {
    const here = await createResource(sqs, QUEUE, { name: "q" });
    const there = await createResource(sqs, QUEUE, { name: "q" }, { region: SINGAPORE });
    const client = await clientWith(["sqs:SendMessage"], "*", open.url);
    await client.send(new SendMessageCommand({ QueueUrl: String(there.outputs.url), MessageBody: "m" }));
    assert.deepEqual(
      [await sqs.depth(String(here.outputs.arn)), await sqs.depth(String(there.outputs.arn))],
      [1, 0],
    );
  });

  it("moves a message above its maximum receive count to the dead-letter queue", async () => {
    const dead = await createResource(sqs, QUEUE, { name: "dead" });
    const redrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.outputs.arn, maxReceiveCount: 1 });
    const { outputs } = await createResource(sqs, QUEUE, {
      name: "work",
      redrivePolicy,
      visibilityTimeoutSeconds: 0,
    });
    const QueueUrl = String(outputs.url);
    const client = await clientWith(["sqs:*"], "*", open.url);
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: "m" }));
    await waitFor(
      async () => {
        await client.send(new ReceiveMessageCommand({ QueueUrl }));
        return (await sqs.depth(String(dead.outputs.arn))) === 1;
      },
      { what: "the message to be moved" },
    );
    assert.equal(await sqs.depth(String(outputs.arn)), 0);
  });

  it("returns the depth while the region is down, and throws for an unknown queue", async () => {
    const { outputs } = await createResource(sqs, QUEUE, { name: "q" });
    open.regions.setState("ireland", "down");
    assert.equal(await sqs.depth(String(outputs.arn)), 0);
    await assert.rejects(sqs.depth(`${outputs.arn}2`), /There is no queue .*q2/);
    await assert.rejects(statusOf(sqs.endpoint("eu-west-1")), { code: "ECONNREFUSED" });
  });

  it("rejects queues that SQS rejects, and unsupported inputs", async () => {
    await assert.rejects(createResource(sqs, QUEUE, { name: "a b" }), /queue name "a b"/);
    await assert.rejects(
      createResource(sqs, QUEUE, { name: "q", visibilityTimeoutSeconds: 43_201 }),
      /VisibilityTimeout/,
    );
    await assert.rejects(
      createResource(sqs, QUEUE, { name: "q.fifo", fifoQueue: true }),
      /does not support fifoQueue/,
    );
    await assert.rejects(
      createResource(sqs, QUEUE, { name: "q" }, { region: "us-east-1" }),
      /no SQS or S3 in us-east-1/,
    );
  });

  it("accepts a queue policy if the queue exists and the policy is well-formed", async () => {
    const { outputs } = await createResource(sqs, QUEUE, { name: "q" });
    const Statement = { Effect: "Deny", Principal: "*", Action: "sqs:*", Resource: outputs.arn };
    const policy = (queueUrl: unknown, document: object) =>
      createResource(sqs, "aws:sqs/queuePolicy:QueuePolicy", { queueUrl, policy: JSON.stringify(document) });
    assert.equal((await policy(outputs.url, { Statement })).id, outputs.url);
    await assert.rejects(policy(outputs.url, {}), /MalformedPolicyDocument/);
    await assert.rejects(policy("http://127.0.0.1/x", { Statement }), /QueueDoesNotExist/);
  });
});
