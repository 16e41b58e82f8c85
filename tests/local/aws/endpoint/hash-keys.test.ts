import assert from "node:assert/strict";
import { mock } from "node:test";
import type { AwsRequest } from "../../../../local/aws/endpoint/aws-request";
import { KeySchemas } from "../../../../local/aws/endpoint/hash-keys";
import { FakeService } from "../../support/fake-service";
import { waitFor } from "../../../support/wait-for";

const REQUEST = {
  headers: { authorization: "none" },
  scope: { region: "eu-west-1" },
} as unknown as AwsRequest;

describe("KeySchemas", () => {
  let now = 0;
  let hashKey: string;
  let answers: boolean;
  let dynamodb: FakeService;
  let schemas: KeySchemas;
  beforeEach(async () => {
    [now, hashKey, answers] = [0, "id", true];
    dynamodb = new FakeService(() =>
      answers ? { Table: { KeySchema: [{ AttributeName: hashKey, KeyType: "HASH" }] } } : undefined,
    );
    await dynamodb.start();
    schemas = new KeySchemas(() => dynamodb.url);
    const { now: realNow } = Date;
    const began = realNow();
    mock.method(Date, "now", () => realNow() - began + now);
  });
  afterEach(async () => {
    mock.restoreAll();
    await dynamodb.close();
  });

  const key = (): Promise<string> => schemas.hashKeyOf(REQUEST, "tickets");

  it("uses a known description while a late service is asked for the next one", async () => {
    assert.equal(await key(), "id");
    answers = false;
    now = 5_000;
    assert.deepEqual(await Promise.all([key(), key()]), ["id", "id"]);
    await waitFor(() => dynamodb.requests.length > 1, { what: "the next description to be requested" });
    assert.equal(dynamodb.requests.length, 2);
  });

  it("learns the keys of a table that replaced another one", async () => {
    assert.equal(await key(), "id");
    hashKey = "number";
    now = 2_000;
    await waitFor(async () => (await key()) === "number", { what: "the new hash key" });
    hashKey = "name";
    now = 60_000;
    assert.equal(await key(), "name");
  });
});
