import assert from "node:assert/strict";
import { Agent, request as httpRequest } from "node:http";
import { GetItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client, GetObjectCommand } from "@aws-sdk/client-s3";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Credentials } from "../../../../local/aws/iam/iam";
import { waitFor } from "../../../support/wait-for";
import { emptyTicketTable, FakeService } from "../../support/fake-service";
import { dynamoDBClient, openEndpoint, type OpenEndpoint } from "../../support/open-endpoint";
import { credentialsWith } from "../../support/function-roles";

const EVERYTHING = [{ Effect: "Allow", Action: "*", Resource: "*" }];
const GET = new GetItemCommand({ TableName: "tickets", Key: { id: { S: "1" } } });

describe("The AWS endpoint", () => {
  const ireland = new FakeService(emptyTicketTable);
  const singapore = new FakeService(emptyTicketTable);
  const clients: { destroy(): void }[] = [];
  let open: OpenEndpoint;
  let credentials: Credentials;

  beforeEach(async () => {
    open = await openEndpoint();
    await ireland.start();
    await singapore.start();
    for (const service of [ireland, singapore]) service.requests.length = 0;
    open.endpoint.register("dynamodb", "eu-west-1", ireland.url);
    open.endpoint.register("dynamodb", "ap-southeast-1", singapore.url);
    credentials = await credentialsWith(open.iam, EVERYTHING);
  });
  afterEach(async () => {
    clients.splice(0).forEach((client) => client.destroy());
    await open.endpoint.close();
    await ireland.close();
    await singapore.close();
  });

  function client(region = "eu-west-1", as = credentials): DynamoDBClient {
    const made = dynamoDBClient(open.url, as, region);
    clients.push(made);
    return made;
  }
  const isDropped = (error: NodeJS.ErrnoException) => error.code === "ECONNRESET";

  it("forwards a call to the region in its signature", async () => {
    await client("ap-southeast-1").send(GET);
    assert.deepEqual([ireland.operations(), singapore.operations()], [[], ["GetItem"]]);
  });

  it("rejects unknown credentials with the error of each service", async () => {
    const forged = { accessKeyId: "AKIAFORGED", secretAccessKey: "x", sessionToken: "y" };
    const options = { endpoint: open.url, region: "eu-west-1", credentials: forged, maxAttempts: 1 };
    const sqs = new SQSClient(options);
    const s3 = new S3Client(options);
    clients.push(sqs, s3);
    const QueueUrl = `${open.url}/000000000000/q`;
    await assert.rejects(client("eu-west-1", forged).send(GET), { name: "UnrecognizedClientException" });
    await assert.rejects(sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "m" })), {
      name: "InvalidClientTokenId",
    });
    await assert.rejects(s3.send(new GetObjectCommand({ Bucket: "b", Key: "k" })), {
      name: "InvalidAccessKeyId",
    });
    assert.deepEqual(ireland.requests, []);
  });

  it("rejects unsigned requests and unknown services", async () => {
    const unsigned = await fetch(open.url, {
      method: "POST",
      headers: { "x-amz-target": "DynamoDB_20120810.Scan" },
    });
    assert.equal(unsigned.status, 400);
    assert.match(await unsigned.text(), /UnrecognizedClientException.*has no credentials/);
    const authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/20251123/eu-west-1/sns/aws4_request, SignedHeaders=host, Signature=0`;
    const other = await fetch(open.url, { method: "POST", headers: { authorization } });
    assert.equal(other.status, 403);
    assert.match(await other.text(), /cannot check the permissions of the service sns/);
  });

  it("returns an error if a region has no such service", async () => {
    const s3 = new S3Client({ endpoint: open.url, region: "eu-west-1", credentials, maxAttempts: 1 });
    clients.push(s3);
    await assert.rejects(
      s3.send(new GetObjectCommand({ Bucket: "b", Key: "k" })),
      /has no s3 in the region eu-west-1/,
    );
  });

  it("drops calls to and from a region that is down, until it is up again", async () => {
    open.regions.setState("singapore", "down");
    await assert.rejects(client("ap-southeast-1").send(GET), isDropped);
    await client("eu-west-1").send(GET);
    open.regions.setState("singapore", "up");
    open.regions.setState("ireland", "down");
    await assert.rejects(client("ap-southeast-1").send(GET), isDropped);
    open.regions.setState("ireland", "up");
    await client("ap-southeast-1").send(GET);
  });

  it("drops calls between an isolated region and the other region", async () => {
    open.regions.setState("ireland", "isolated");
    await client("eu-west-1").send(GET);
    await assert.rejects(client("ap-southeast-1").send(GET), isDropped);
    const there = await credentialsWith(open.iam, EVERYTHING, { name: "there", region: "ap-southeast-1" });
    await client("ap-southeast-1", there).send(GET);
    await assert.rejects(client("eu-west-1", there).send(GET), isDropped);
  });

  it("leaves calls between an unreachable region and the other one unanswered", async () => {
    open.regions.setState("ireland", "unreachable");
    await client("eu-west-1").send(GET);
    const waiting = client("ap-southeast-1").send(GET, { abortSignal: AbortSignal.timeout(500) });
    await assert.rejects(waiting, { name: "AbortError" });
  });

  it("checks the region again for every request of one connection", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    clients.push(agent);
    const scan = () => rawScan(open.url, agent, credentials);
    const first = await scan();
    assert.deepEqual([first.status, (await scan()).port], [200, first.port], "the connection is kept");
    open.regions.setState("ireland", "down");
    await assert.rejects(scan(), isDropped);
  });

  it("drops a call in flight when the region goes down", async () => {
    const silent = new FakeService(() => undefined);
    await silent.start();
    open.endpoint.register("dynamodb", "eu-west-1", silent.url);
    const agent = new Agent();
    clients.push(agent);
    const failed = assert.rejects(rawScan(open.url, agent, credentials), isDropped);
    await waitFor(() => silent.requests.length === 1, { what: "the call to arrive" });
    open.regions.setState("ireland", "down");
    await failed;
    await silent.close();
  });

  it("drops the connection if the service is unreachable", async () => {
    await ireland.close();
    await assert.rejects(client().send(GET), isDropped);
    const agent = new Agent();
    clients.push(agent);
    await assert.rejects(rawScan(open.url, agent, credentials), isDropped);
  });

  it("rejects a body over the limit without forwarding it", async () => {
    const headers = { authorization: authorizationOf(credentials), "x-amz-target": "DynamoDB_20120810.Scan" };
    const body = Buffer.alloc(21 * 1024 * 1024, " ");
    const answer = await fetch(open.url, { method: "POST", headers, body });
    assert.equal(answer.status, 413);
    assert.deepEqual(ireland.requests, []);
  });
});

function authorizationOf({ accessKeyId }: Credentials): string {
  return `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20251123/eu-west-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0`;
}

/** Scans through a connection of the agent. Returns the client's port, which identifies the connection. */
function rawScan(
  url: string,
  agent: Agent,
  credentials: Credentials,
): Promise<{ status?: number; port?: number }> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: authorizationOf(credentials), "x-amz-target": "DynamoDB_20120810.Scan" };
    const request = httpRequest(url, { method: "POST", agent, headers }, (response) => {
      const port = response.socket.localPort;
      response.resume().on("end", () => resolve({ status: response.statusCode, port }));
    });
    request.on("error", reject);
    request.end(JSON.stringify({ TableName: "tickets" }));
  });
}
