import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DynamoDBBatchResponse } from "aws-lambda";
import { httpEvent } from "../../testing/api-calls";
import { toImage } from "../../testing/attribute-values";
import { inserted } from "../../testing/stream-records";
import { idOf, IRELAND, ticketItem } from "../../testing/tickets";
import { type LambdaFixture, startLambda } from "../local/aws/lambda/lambda-fixture";
import { FakeAws, type Reaction } from "../support/fake-aws";
import { drainProgram, type Program, resourceNamed } from "../support/mocked-program";
import { describeWithSdks } from "../support/runtime-sdks";
import { waitFor } from "../support/wait-for";

const PREFIX = "com.amazonaws.dynamodb.v20120810#";
const COMMON = "com.amazon.coral.service#";

const error = (status: number, type: string, more: object = {}): Reaction => ({
  status,
  body: { __type: type, message: "It failed.", ...more },
});

/** Failures of a write to the other region after which the stream keeps the record, with the kind that `failure.ts` finds. */
const TRANSIENT: Readonly<Record<string, readonly [Reaction, kind: string]>> = {
  throttling: [error(400, `${COMMON}ThrottlingException`), "throttling"],
  "a busy partition": [
    error(400, `${PREFIX}ProvisionedThroughputExceededException`),
    "provisioned throughput",
  ],
  "an internal error": [error(500, `${PREFIX}InternalServerError`), "server error"],
  "an unavailable service": [error(503, `${COMMON}ServiceUnavailableException`), "server error"],
  "another transaction": [error(400, `${PREFIX}TransactionConflictException`), "contention"],
  "denied access": [error(400, `${COMMON}AccessDeniedException`), "access denied"],
  "expired credentials": [error(400, `${COMMON}ExpiredTokenException`), "credentials"],
  "a missing table": [error(400, `${PREFIX}ResourceNotFoundException`), "table missing"],
  "a dropped connection": ["drops the connection", "network"],
  "a missing response": ["never answers", "timeout"],
};

/** No server listens on the port of the discard protocol. */
const REFUSED = "http://127.0.0.1:9";

describe("Shipped functions", function () {
  this.timeout(300_000);
  let program: Program;
  before(async () => {
    program = await drainProgram({ stack: "ireland" });
  });

  describeWithSdks("with the AWS SDK", (runtimePackages) => {
    const aws = new FakeAws();
    let endpointUrl: string;
    let fixture: LambdaFixture;
    before(async () => {
      endpointUrl = await aws.start();
      fixture = await startLambda(undefined, { endpointUrl, runtimePackages });
    });
    after(async () => {
      await fixture.remove();
      await aws.close();
    });
    beforeEach(() => {
      aws.calls.length = 0;
      aws.messages.length = 0;
      fixture.logged.length = 0;
    });

    const arns = new Map<string, Promise<string>>();
    const arnOf = (name: string, variables: Record<string, string> = {}): Promise<string> => {
      const key = JSON.stringify([name, variables]);
      const { inputs } = resourceNamed(program, "aws:lambda/function:Function", name);
      const { handler, runtime, timeout, memorySize, code } = inputs;
      const environment = { variables: { ...inputs.environment?.variables, ...variables } };
      const deploy = async (): Promise<string> => {
        const created = await fixture.deploy(code, { handler, runtime, timeout, memorySize, environment });
        return created.outputs.arn as string;
      };
      const arn = arns.get(key) ?? deploy();
      arns.set(key, arn);
      return arn;
    };
    const invoke = async <T>(arn: string, event: unknown): Promise<T> => {
      const result = await fixture.lambda.invoke(arn, event);
      assert.ok("payload" in result, JSON.stringify(result));
      return result.payload as T;
    };
    const replicated = async (
      item: object,
      variables: Record<string, string> = {},
    ): Promise<{ retried: number; kind?: string; stale: number }> => {
      const arn = await arnOf("ireland-to-singapore", {
        QUARANTINE_QUEUE_URL: `${endpointUrl}/000000000000/quarantine`,
        AWS_ENDPOINT_URL_SQS: endpointUrl,
        ...variables,
      });
      const event = { Records: [inserted(item, 1)] };
      const { batchItemFailures } = await invoke<DynamoDBBatchResponse>(arn, event);
      const line = await waitFor(() => fixture.logged.find((text) => text.includes('"replicated"')), {
        what: "the log line of the batch",
      });
      const { reason, stale } = JSON.parse(line.slice(line.indexOf("{")));
      return { retried: batchItemFailures.length, kind: reason?.kind, stale };
    };

    for (const [what, [reaction, kind]] of Object.entries(TRANSIENT))
      it(`keep a record in the stream after ${what}: ${kind}`, async () => {
        aws.react = () => reaction;
        const result = await replicated(ticketItem());
        assert.deepEqual([result.retried, result.kind, aws.messages], [1, kind, []]);
      });

    it("keep a record in the stream while the other region refuses connections: network", async () => {
      const result = await replicated(ticketItem(), { AWS_ENDPOINT_URL_DYNAMODB: REFUSED });
      assert.deepEqual([result.retried, result.kind], [1, "network"]);
    });

    it("quarantine a record that DynamoDB calls invalid", async () => {
      aws.react = () => error(400, `${COMMON}ValidationException`);
      const { retried } = await replicated(ticketItem());
      assert.equal(retried, 0);
      assert.equal(JSON.parse(aws.messages[0]).error, "ValidationException");
    });

    it("read the stored item from a failed condition, and skip a record that is as old", async () => {
      const item = ticketItem();
      aws.react = () => error(400, `${PREFIX}ConditionalCheckFailedException`, { Item: toImage(item) });
      const { retried, stale } = await replicated(item);
      assert.deepEqual([retried, stale, aws.messages], [0, 1, []]);
    });

    type Answer = { readonly statusCode: number; readonly body: string };

    it("create a ticket, with this version of the SDK", async () => {
      aws.react = () => ({ status: 200, body: {} });
      const event = httpEvent("POST", "/tickets", {
        body: JSON.stringify({ subject: "No heating" }),
        headers: { "content-type": "application/json" },
      });
      const { statusCode } = await invoke<Answer>(await arnOf("ireland-api-create"), event);
      assert.equal(statusCode, 201);
      const [{ operation, userAgent }] = aws.calls;
      const manifest = readFileSync(join(runtimePackages, "@aws-sdk/client-dynamodb/package.json"), "utf8");
      assert.equal(operation, "PutItem");
      const minorOf = (text: string): number => Number(/\b3\.(\d+)\.\d/.exec(text)?.[1]);
      const difference = minorOf(userAgent) - minorOf(JSON.parse(manifest).version);
      // A release of the SDK can send the number of the one before it.
      assert.ok(Math.abs(difference) <= 1, userAgent);
    });

    it("report a healthy table, and a throttled one with the name of the error", async () => {
      const arn = await arnOf("ireland-api-health");
      const health = async (): Promise<Answer> => invoke(arn, httpEvent("GET", "/health"));
      aws.react = () => ({ status: 200, body: {} });
      assert.equal((await health()).statusCode, 200);
      aws.react = () => error(400, `${COMMON}ThrottlingException`);
      const { body } = await waitFor(
        async () => {
          const answer = await health();
          return answer.statusCode === 503 && answer;
        },
        { what: "a check that is not cached" },
      );
      assert.equal(JSON.parse(body).checks.write.reason, "ThrottlingException");
    });

    it("return an error of the table as 503, with its name in the log", async () => {
      aws.react = () => error(400, `${PREFIX}ResourceNotFoundException`);
      const arn = await arnOf("ireland-api-get");
      const event = httpEvent("GET", `/tickets/${idOf(1)}`, { pathParameters: { id: idOf(1) } });
      assert.equal((await invoke<Answer>(arn, event)).statusCode, 503);
      await waitFor(() => fixture.logged.some((line) => line.includes("ResourceNotFoundException")), {
        what: "the name of the error",
      });
    });

    it("send the heartbeat of their region", async () => {
      aws.react = () => ({ status: 200, body: {} });
      await invoke(await arnOf("ireland-heartbeat"), {});
      const put = aws.calls.find(({ operation }) => operation === "PutItem");
      assert.deepEqual((put?.input.Item as Record<string, unknown>).id, { S: `heartbeat-${IRELAND}` });
    });
  });
});
