import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type AttributeValue,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { readingProtoAttributes } from "../../shared/proto-attributes";

/** JSON of attributes with and without the name, and with strings that contain it. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  "beside others": '{"id":{"S":"x"},"__proto__":{"S":"own"}}',
  "in a map": '{"id":{"S":"x"},"m":{"M":{"__proto__":{"S":"in"},"a":{"B":"AAE="}}}}',
  "in a map in a list": '{"l":{"L":[{"M":{"__proto__" : {"M":{"__proto__":{"N":"1"}}}}}]}}',
  "only as a text": '{"a":{"S":"__proto__"},"b":{"S":"\\"__proto__\\": 1"},"c\\"__proto__":{"S":"é😀"}}',
  nowhere: '{"id":{"S":"x"}}',
};

describe("readingProtoAttributes", () => {
  let server: Server;
  let client: DynamoDBClient;
  let answer: { readonly status: number; readonly body: string };
  before(async () => {
    server = createServer((request, response) => {
      request.resume().on("end", () => {
        response.writeHead(answer.status, { "content-type": "application/x-amz-json-1.0" });
        response.end(answer.body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    client = readingProtoAttributes(
      new DynamoDBClient({ region: "eu-west-1", endpoint, credentials, maxAttempts: 1 }),
    );
  });
  after(() => {
    client.destroy();
    server.close();
  });

  const Key = { id: { S: "x" } };
  /** Returns the item that the SDK parses from JSON, without bytes. */
  const plain = (item: Record<string, AttributeValue> | undefined): unknown =>
    JSON.parse(JSON.stringify(item), (_, value: unknown) => value);
  const expected = (json: string): unknown => JSON.parse(json.replace('{"B":"AAE="}', '{"B":{"0":0,"1":1}}'));

  for (const [where, json] of Object.entries(ATTRIBUTES)) {
    it(`reads an item with __proto__ ${where}`, async () => {
      answer = { status: 200, body: `{"Item":${json}}` };
      const { Item } = await client.send(new GetItemCommand({ TableName: "t", Key }));
      assert.deepEqual(plain(Item), expected(json));
    });

    it(`reads the item of a failed condition with __proto__ ${where}`, async () => {
      answer = {
        status: 400,
        body: `{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException","message":"No.","Item":${json}}`,
      };
      const error = await client.send(new PutItemCommand({ TableName: "t", Item: Key })).then(
        () => assert.fail("It was put."),
        (thrown: unknown) => thrown as { name: string; Item?: Record<string, AttributeValue> },
      );
      assert.equal(error.name, "ConditionalCheckFailedException");
      assert.deepEqual(plain(error.Item), expected(json));
    });
  }
});
