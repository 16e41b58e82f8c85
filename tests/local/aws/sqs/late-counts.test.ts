import assert from "node:assert/strict";
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { LocalFauxqs } from "../../../../local/aws/sqs/fauxqs";
import { LocalSqs } from "../../../../local/aws/sqs/sqs";
import { Regions } from "../../../../local/aws/regions";
import { waitFor } from "../../../support/wait-for";
import { createResource } from "../../support/create-resource";

describe("Counts of the messages of a queue", () => {
  const CODE = "eu-west-1";
  let closing: (() => unknown)[];
  let client: SQSClient;
  let sqs: LocalSqs;
  let QueueUrl: string;
  let arn: string;

  beforeEach(() => (closing = []));
  afterEach(async () => {
    for (const close of closing.reverse()) await close();
  });

  async function start(lagMs: number): Promise<void> {
    const fauxqs = await LocalFauxqs.start(new Regions([{ name: "ireland", code: CODE }]), {}, lagMs);
    closing.push(() => fauxqs.close());
    const endpoint = fauxqs.endpoint(CODE);
    sqs = new LocalSqs({ fauxqs, endpointUrl: endpoint });
    client = new SQSClient({
      region: CODE,
      endpoint,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    });
    closing.push(() => client.destroy());
    const { outputs } = await createResource(sqs, "aws:sqs/queue:Queue", { name: "quarantine" });
    [QueueUrl, arn] = [String(outputs.url), String(outputs.arn)];
  }

  const counts = async (): Promise<unknown> => {
    const { Attributes = {} } = await client.send(
      new GetQueueAttributesCommand({
        QueueUrl,
        AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "QueueArn"],
      }),
    );
    assert.equal(Attributes.QueueArn, arn);
    return [Attributes.ApproximateNumberOfMessages, Attributes.ApproximateNumberOfMessagesNotVisible].map(
      Number,
    );
  };
  const send = (): Promise<unknown> => client.send(new SendMessageCommand({ QueueUrl, MessageBody: "late" }));
  const receive = async (VisibilityTimeout: number): Promise<string | undefined> => {
    const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout }));
    return Messages[0]?.ReceiptHandle;
  };

  it("are those of some time ago, while messages can be received at once", async () => {
    await start(60_000);
    await send();
    assert.deepEqual(await counts(), [0, 0]);
    assert.equal(await sqs.depth(arn), 1);
    assert.ok(await receive(0));
    assert.deepEqual(await counts(), [0, 0]);
  });

  it("follow every change after that time", async () => {
    await start(100);
    const reach = (expected: readonly number[]): Promise<unknown> =>
      waitFor(async () => String(await counts()) === String(expected) || undefined, { what: `${expected}` });
    await send();
    await reach([1, 0]);
    const ReceiptHandle = await receive(300);
    await reach([0, 1]);
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    await reach([0, 0]);
  });

  it("are current without a lag", async () => {
    await start(0);
    await send();
    assert.deepEqual(await counts(), [1, 0]);
  });
});
