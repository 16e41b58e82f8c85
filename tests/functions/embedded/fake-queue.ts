import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { after, before } from "mocha";
import { closeServer, listen } from "../../../local/aws/listen";

/** Fake SQS, and fake S3 for records that SQS does not accept, for the tests of a `describe`. */
export class FakeQueue {
  /** Bodies of the accepted messages. */
  readonly messages: string[] = [];
  /** Whether every message is rejected. */
  refuses = false;
  /** Objects in S3, by bucket and key. */
  readonly objects = new Map<string, string>();
  /** Whether S3 rejects every object. */
  bucketRefuses = false;

  private readonly server = createServer(async (request, response) => {
    const body = await text(request);
    if (request.method === "PUT") {
      if (this.bucketRefuses) response.writeHead(403);
      else this.objects.set(new URL(request.url as string, "http://s3").pathname, body);
      return void response.end();
    }
    const { MessageBody } = JSON.parse(body) as { MessageBody: string };
    response.setHeader("content-type", "application/x-amz-json-1.0");
    if (this.refuses) {
      response.writeHead(403);
      return void response.end(JSON.stringify({ __type: "AccessDenied", message: "Not you." }));
    }
    this.messages.push(MessageBody);
    const MD5OfMessageBody = createHash("md5").update(MessageBody).digest("hex");
    response.end(JSON.stringify({ MessageId: String(this.messages.length), MD5OfMessageBody }));
  });

  /** Starts before the tests of the enclosing `describe`, sets the environment variables, and stops after the tests. */
  constructor() {
    before(async () => {
      const port = await listen(this.server, { port: 0, purpose: "the fake queue" });
      process.env.AWS_ENDPOINT_URL_SQS = `http://127.0.0.1:${port}`;
      process.env.AWS_ENDPOINT_URL_S3 = `http://127.0.0.1:${port}`;
      process.env.FAILURE_BUCKET_NAME = "failures";
      // The SDK sends messages to the host in the URL of the queue.
      process.env.QUARANTINE_QUEUE_URL = `http://127.0.0.1:${port}/000000000000/quarantine`;
    });
    after(async () => {
      delete process.env.AWS_ENDPOINT_URL_SQS;
      delete process.env.AWS_ENDPOINT_URL_S3;
      delete process.env.FAILURE_BUCKET_NAME;
      delete process.env.QUARANTINE_QUEUE_URL;
      await closeServer(this.server);
    });
  }
}
