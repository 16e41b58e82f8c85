import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { crc32 } from "node:zlib";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { LocalDynamoDB } from "../../../../local/aws/dynamodb/dynamodb";
import { RegionDatabase } from "../../../../local/aws/dynamodb/region-database";
import { Regions } from "../../../../local/aws/regions";
import { readResource } from "../../support/create-resource";
import { DynamoDBFixture, IRELAND, SINGAPORE, TABLE, TABLE_INPUTS, ticket } from "./dynamodb-fixture";
import { testExternalDynamoDB } from "./external-dynamodb";

/** External DynamoDB that behaves as DynamoDB Local: tables per access key and region, ARNs with the region `ddblocal`. */
class ForeignDynamoDB {
  readonly scopes = new Set<string>();
  /** Operations that it does not know, as DynamoDB Local does not know backups. */
  unknown: RegExp | undefined;
  private readonly databases = new Map<string, Promise<RegionDatabase>>();
  private readonly server: Server = createServer((request, response) => {
    const scope = /Credential=([^/]+)\/\d{8}\/([^,]+),/.exec(request.headers.authorization ?? "") ?? [];
    this.scopes.add(`${scope[1]} ${scope[2]}`);
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      void this.answer(`${scope[1]} ${scope[2]}`, String(request.headers["x-amz-target"]), body).then(
        (answer) => {
          response.writeHead(answer.status, { "x-amz-crc32": crc32(answer.body) }).end(answer.body);
        },
      );
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    if (this.server.listening) await new Promise((resolve) => this.server.close(resolve));
    await Promise.all([...this.databases.values()].map(async (database) => (await database).close()));
  }

  private async answer(
    scope: string,
    target: string,
    body: string,
  ): Promise<{ status: number; body: string }> {
    const database = this.databases.get(scope) ?? RegionDatabase.open("ddblocal", undefined, Date.now);
    this.databases.set(scope, database);
    if (this.unknown?.test(target))
      return { status: 400, body: '{"__type":"com.amazon.coral.service#UnknownOperationException"}' };
    try {
      return { status: 200, body: JSON.stringify(await (await database).handle(target, JSON.parse(body))) };
    } catch (error) {
      return { status: 400, body: JSON.stringify((error as { body: object }).body) };
    }
  }
}

describe("An external DynamoDB", () => {
  let foreign: ForeignDynamoDB;
  let endpointUrl: string;
  let dynamodb: DynamoDBFixture;

  beforeEach(async () => {
    foreign = new ForeignDynamoDB();
    endpointUrl = await foreign.start();
    dynamodb = await DynamoDBFixture.start({ endpointUrl });
  });
  afterEach(async () => {
    await dynamodb.close();
    await foreign.close();
  });

  testExternalDynamoDB(() => endpointUrl);

  it("receives one access key per region for all callers", async () => {
    await dynamodb.createTable();
    await dynamodb.createTable(TABLE_INPUTS, SINGAPORE);
    assert.deepEqual(
      [...foreign.scopes].sort(),
      [SINGAPORE, IRELAND].map((region) => `local ${region}/dynamodb/aws4_request`),
    );
  });

  it("does without the settings that it does not support, with a warning", async () => {
    foreign.unknown = /ContinuousBackups|Tags?(OfResource|Resource)$|(Tag|Untag)Resource$/;
    const inputs = { ...TABLE_INPUTS, pointInTimeRecovery: { enabled: true }, tags: { app: "tickets" } };
    const lines: string[] = [];
    await dynamodb.close();
    dynamodb = await DynamoDBFixture.start({ endpointUrl, log: (_source, line) => lines.push(line) });
    const table = await dynamodb.createTable(inputs);
    assert.match(lines.join("\n"), /^tickets: this DynamoDB has no point-in-time recovery/);
    assert.deepEqual((await readResource(dynamodb.service, table))?.inputs, inputs);
  });

  it("causes a server error, which clients retry, after it has stopped", async () => {
    await dynamodb.createTable();
    await foreign.close();
    const put = new PutItemCommand({ TableName: TABLE, Item: ticket("a") });
    await assert.rejects(dynamodb.ireland.send(put), {
      name: "InternalServerError",
      message: /did not respond/,
    });
  });

  it("is required to respond at the start, or an error names the fix", async () => {
    await foreign.close();
    const regions = new Regions([{ name: "ireland", code: IRELAND }]);
    await assert.rejects(LocalDynamoDB.start({ regions, endpointUrl }), (error: Error) => {
      assert.match(
        error.message,
        /No DynamoDB responds at http:\/\/127\.0\.0\.1:\d+\/ \(.*ECONNREFUSED.*\)\. Start one/,
      );
      return true;
    });
    await assert.rejects(
      LocalDynamoDB.start({ regions, endpointUrl: "8000" }),
      /"8000" is not an HTTP URL; use a URL such as/,
    );
  });

  it("is required to have streams", async () => {
    const web = createServer((_request, response) => response.writeHead(404).end("nothing here"));
    await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
    const regions = new Regions([{ name: "ireland", code: IRELAND }]);
    const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
    try {
      await assert.rejects(
        LocalDynamoDB.start({ regions, endpointUrl: url }),
        /rejects .*ListTables \(status 404/,
      );
    } finally {
      web.closeAllConnections();
      await new Promise((resolve) => web.close(resolve));
    }
  });
});
