import assert from "node:assert/strict";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { failureObject, quarantineMessage } from "../../../../functions/replication/quarantined-record";
import type { RegionAddresses } from "../../../../local/addresses";
import { Regions } from "../../../../local/aws/regions";
import { LocalFauxqs } from "../../../../local/aws/sqs/fauxqs";
import { LocalSqs } from "../../../../local/aws/sqs/sqs";
import { RouteError } from "../../../../local/console/http/route";
import { LocalQuarantine } from "../../../../local/console/quarantine/quarantine-reader";
import { inserted } from "../../../../testing/stream-records";
import { idOf, IRELAND, ticketItem } from "../../../../testing/tickets";
import { createResource } from "../../support/create-resource";

const KEY = "aws/lambda/quarantine/one object.json";

describe("LocalQuarantine", () => {
  let regions: Regions;
  let fauxqs: LocalFauxqs;
  let reader: LocalQuarantine;
  let queue: SQSClient;
  let bucket: S3Client;
  let QueueUrl: string;

  beforeEach(async () => {
    regions = new Regions([{ name: "ireland", code: IRELAND }]);
    fauxqs = await LocalFauxqs.start(regions);
    const sqs = new LocalSqs({ fauxqs, endpointUrl: "http://127.0.0.1:9" });
    QueueUrl = (await createResource(sqs, "aws:sqs/queue:Queue", { name: "quarantine" })).id;
    await fauxqs.inject(IRELAND, { method: "PUT", url: "/failures" });
    const endpoint = sqs.endpoint(IRELAND);
    const options = { endpoint, region: IRELAND, credentials: { accessKeyId: "x", secretAccessKey: "x" } };
    queue = new SQSClient({ ...options, useQueueUrlAsEndpoint: false });
    bucket = new S3Client({ ...options, forcePathStyle: true });
    const at = { code: IRELAND, quarantineQueue: QueueUrl, failureBucket: "failures", s3: endpoint };
    reader = new LocalQuarantine(regions, sqs, () => ({ ireland: at as RegionAddresses }));
  });
  afterEach(async () => {
    queue.destroy();
    bucket.destroy();
    await fauxqs.close();
  });

  const quarantined = (number: number): Parameters<typeof failureObject>[0] => ({
    error: "ValidationException",
    message: `Reason ${number}`,
    quarantinedAt: "2026-01-01T00:00:00.000Z",
    sourceRegion: IRELAND,
    record: inserted(ticketItem({ id: idOf(number) }), number),
  });
  const send = (number: number): Promise<unknown> =>
    queue.send(new SendMessageCommand({ QueueUrl, MessageBody: quarantineMessage(quarantined(number)) }));

  it("lists messages and objects with their reasons, and returns the whole record of each", async () => {
    await send(1);
    const Body = failureObject(quarantined(2));
    await bucket.send(new PutObjectCommand({ Bucket: "failures", Key: KEY, Body }));
    const { total, problem, entries } = await reader.read("ireland");
    assert.deepEqual([total, problem], [2, undefined]);
    assert.deepEqual(
      entries.map(({ place, item, reason }) => [place, item, reason]),
      [
        ["queue", idOf(1), "Reason 1"],
        ["bucket", idOf(2), "Reason 2"],
      ],
    );
    for (const [index, { id }] of entries.entries()) {
      const found = await reader.content("ireland", id);
      assert.equal(found?.entry.item, idOf(index + 1));
      assert.match(JSON.stringify(found?.content), new RegExp(`"eventID":"event-${index + 1}"`));
    }
  });

  it("hides no message, and marks one that a reader has received", async () => {
    await send(1);
    await reader.read("ireland");
    const receive = new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 60 });
    assert.equal((await queue.send(receive)).Messages?.length, 1);
    assert.equal((await reader.read("ireland")).entries[0].isHidden, true);
  });

  it("lists at most 100 messages, and counts the others", async () => {
    for (let number = 1; number <= 101; number++) await send(number);
    const { total, entries } = await reader.read("ireland");
    assert.deepEqual([total, entries.length], [101, 100]);
  });

  it("returns nothing for a record that is gone", async () => {
    assert.equal(await reader.content("ireland", "message"), undefined);
    assert.equal(await reader.content("ireland", KEY), undefined);
  });

  it("rejects to read a record of a stopped region, and names the region", async () => {
    regions.setState("ireland", "down");
    for (const id of ["message", KEY])
      await assert.rejects(reader.content("ireland", id), (error) => {
        assert.ok(error instanceof RouteError);
        assert.equal(error.status, 503);
        assert.equal(error.message, "ireland is stopped. Start the region to read its quarantine.");
        return true;
      });
  });

  it("reports a region that is stopped, and a queue that does not exist", async () => {
    await fauxqs.inject(IRELAND, {
      method: "POST",
      url: "/",
      headers: { "content-type": "application/x-amz-json-1.0", "x-amz-target": "AmazonSQS.DeleteQueue" },
      payload: JSON.stringify({ QueueUrl }),
    });
    assert.match((await reader.read("ireland")).problem ?? "", /^There is no queue/);
    regions.setState("ireland", "down");
    assert.equal((await reader.read("ireland")).problem, "ireland is stopped.");
  });
});
