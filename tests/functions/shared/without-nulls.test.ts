import assert from "node:assert/strict";
import fc from "fast-check";
import type { APIGatewayProxyEventV2, DynamoDBRecord } from "aws-lambda";
import { apiHandler } from "../../../functions/http/api";
import { documentedOperations } from "../../../functions/openapi/document";
import { readStreamRecord } from "../../../functions/replication/stream-record";
import { unknownRoute } from "../../../functions/http/unknown-route";
import { withoutNulls } from "../../../functions/shared/without-nulls";
import { httpEvent, invoke } from "../../../testing/api-calls";
import { withEnvironment } from "../../support/environment";
import { captureLogs } from "../../support/logs";
import { inserted } from "../../../testing/stream-records";
import { idOf, IRELAND, ticketItem } from "../../../testing/tickets";

/** Keys that AWS can omit from an event: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
const OPTIONAL = [
  ...["body", "cookies", "headers", "pathParameters", "queryStringParameters", "stageVariables"],
  ...["isBase64Encoded", "rawQueryString"],
] as const;

const operations = documentedOperations().filter(({ method }) => method !== "HEAD");

describe("event with null where AWS omits a key", () => {
  captureLogs();
  withEnvironment({ AWS_REGION: IRELAND });

  const nulls = fc.subarray([...OPTIONAL]);
  const withNulls = (event: APIGatewayProxyEventV2, names: readonly string[]): APIGatewayProxyEventV2 => ({
    ...event,
    ...Object.fromEntries(names.map((name) => [name, null])),
  });
  const without = (event: APIGatewayProxyEventV2, names: readonly string[]): APIGatewayProxyEventV2 =>
    Object.fromEntries(
      Object.entries(event).filter(([name]) => !names.includes(name)),
    ) as unknown as APIGatewayProxyEventV2;

  for (const { operationId, method, path, body } of operations)
    it(`gets the same response of ${operationId} as an event without the keys, and never 5xx`, () =>
      fc.assert(
        fc.asyncProperty(nulls, async (names) => {
          const handler = apiHandler(operationId, async () => ({ status: 200, body: {} }));
          const event = httpEvent(method, path, {
            pathParameters: { id: idOf(1) },
            ...(body && { body: JSON.stringify({ subject: "x" }) }),
          });
          const actual = await invoke(handler, withNulls(event, names));
          const expected = await invoke(handler, without(event, names));
          assert.deepEqual([actual.status, actual.text], [expected.status, expected.text]);
          assert.ok(Number(actual.status) < 500, actual.text);
        }),
      ));

  it("gets 404 of the function of unknown routes", () =>
    fc.assert(
      fc.asyncProperty(nulls, async (names) => {
        const { status } = await invoke(unknownRoute(), withNulls(httpEvent("GET", "/nowhere"), names));
        assert.equal(status, 404);
      }),
    ));
});

describe("stream record with null where AWS omits a key", () => {
  const record = inserted(ticketItem({ id: idOf(1), origin: IRELAND }), 1);
  const types = ["S", "N", "B", "SS", "NS", "BS", "M", "L", "BOOL", "NULL"];

  it("is read like a record without the keys", () => {
    const image = Object.fromEntries(
      Object.entries(record.dynamodb?.NewImage ?? {}).map(([name, value]) => [
        name,
        { ...Object.fromEntries(types.map((type) => [type, null])), ...value },
      ]),
    );
    const dynamodb = { ...record.dynamodb, NewImage: image, OldImage: null };
    const withNulls = { ...record, dynamodb, userIdentity: null } as unknown as DynamoDBRecord;
    const read = readStreamRecord(withNulls, IRELAND);
    const expected = readStreamRecord(record, IRELAND);
    assert.equal(expected.kind, "replicate");
    assert.deepEqual({ ...read, record: undefined }, { ...expected, record: undefined });
    if (read.kind !== "replicate" || expected.kind !== "replicate") return;
    assert.deepEqual(read.record.image, expected.record.image);
  });

  for (const change of [{ dynamodb: null }, { dynamodb: { NewImage: null, SequenceNumber: null } }])
    it(`is not replicated with ${JSON.stringify(change)}`, () => {
      const read = readStreamRecord({ ...record, ...change } as unknown as DynamoDBRecord, IRELAND);
      assert.deepEqual(read, { kind: "stay" });
    });
});

describe("withoutNulls", () => {
  it("keeps everything else, including attributes of the type NULL", () => {
    const value = { a: null, b: { c: null, d: [null, { e: null, f: 0 }] }, g: { NULL: true }, h: "" };
    assert.deepEqual(withoutNulls(value), { b: { d: [null, { f: 0 }] }, g: { NULL: true }, h: "" });
  });
});
