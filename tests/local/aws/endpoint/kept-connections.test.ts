import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { withEnvironment } from "../../../support/environment";
import { emptyTicketTable, FakeService } from "../../support/fake-service";
import { credentialsWith } from "../../support/function-roles";
import { allow, get } from "../../support/guarded-dynamodb";
import { dynamoDBClient, openEndpoint, type OpenEndpoint } from "../../support/open-endpoint";

describe("Connections that a function keeps to the AWS endpoint", () => {
  // With these two variables of Lambda, the SDK sends the trace id of the invocation.
  withEnvironment({ AWS_LAMBDA_FUNCTION_NAME: "worker", _X_AMZN_TRACE_ID: undefined });
  const dynamodb = new FakeService(emptyTicketTable);
  let open: OpenEndpoint;
  let client: DynamoDBClient;

  const start = async (idleConnectionMs: number): Promise<void> => {
    open = await openEndpoint(undefined, { idleConnectionMs });
    await dynamodb.start();
    open.endpoint.register("dynamodb", "eu-west-1", dynamodb.url);
    client = dynamoDBClient(open.url, await credentialsWith(open.iam, [allow("dynamodb:GetItem")]));
  };
  afterEach(async () => {
    client.destroy();
    await open.endpoint.close();
    await dynamodb.close();
  });
  const readIn = (invocation: string): Promise<unknown> => {
    process.env._X_AMZN_TRACE_ID = `Root=1-67891233-${invocation}`;
    return client.send(get());
  };

  it("are reset by the first request of the next invocation after a pause", async () => {
    await start(50);
    await readIn("first");
    await delay(100);
    await assert.rejects(readIn("second"), { code: "ECONNRESET" });
    assert.equal(dynamodb.requests.filter(({ operation }) => operation === "GetItem").length, 1);
    await readIn("second");
  });

  it("stay open for the whole invocation", async () => {
    await start(50);
    await readIn("first");
    await delay(100);
    await readIn("first");
  });

  it("stay open for an invocation that follows at once", async () => {
    await start(60_000);
    await readIn("first");
    await readIn("second");
  });
});
