import assert from "node:assert/strict";
import { DynamoDBClient, DynamoDBClientConfig, PutItemCommand } from "@aws-sdk/client-dynamodb";
import * as commands from "@aws-sdk/client-dynamodb";
import { conflictLog } from "../../../functions/replication/conflict-log";
import { failureOf } from "../../../functions/replication/failure";
import { replicateBatch, ReplicationContext } from "../../../functions/replication/replicate";
import { targetTable } from "../../../functions/replication/target-table";
import { MemoryConflictTable } from "../../support/memory-conflict-table";
import { captureLogs } from "../../support/logs";
import { inserted } from "../../../testing/stream-records";
import { IRELAND, NOW, SINGAPORE, ticketItem } from "../../../testing/tickets";
import { Behavior, FakeDynamoDB } from "./fake-dynamodb";

const PREFIX = "com.amazonaws.dynamodb.v20120810#";
const COMMON = "com.amazon.coral.service#";

const answers = (status: number, type: string, message = "It failed."): Behavior => ({
  kind: "answers",
  status,
  type,
  message,
});

/** Behavior of the target and the decision for it. Statuses and types are those that AWS documents and sends. */
const CASES: Readonly<Record<string, readonly [Behavior, name: string, kind: string, permanent: boolean]>> = {
  "throttles the account": [
    answers(400, `${COMMON}ThrottlingException`),
    "ThrottlingException",
    "throttling",
    false,
  ],
  "exceeds a partition's throughput": [
    answers(400, `${PREFIX}ProvisionedThroughputExceededException`),
    "ProvisionedThroughputExceededException",
    "provisioned throughput",
    false,
  ],
  "is broken inside": [
    answers(500, `${PREFIX}InternalServerError`),
    "InternalServerError",
    "server error",
    false,
  ],
  "is unavailable": [
    answers(503, `${COMMON}ServiceUnavailableException`),
    "ServiceUnavailableException",
    "server error",
    false,
  ],
  "drops the connection": [{ kind: "drops the connection" }, "TimeoutError", "network", false],
  "never answers": [{ kind: "never answers" }, "TimeoutError", "timeout", false],
  "denies access": [
    answers(400, `${COMMON}AccessDeniedException`),
    "AccessDeniedException",
    "access denied",
    false,
  ],
  "calls the item invalid": [
    answers(400, `${COMMON}ValidationException`, "One or more parameter values were invalid"),
    "ValidationException",
    "validation",
    true,
  ],
  "calls the item too large": [
    answers(400, `${COMMON}ValidationException`, "Item size has exceeded the maximum allowed size"),
    "ValidationException",
    "validation",
    true,
  ],
  "has no such table": [
    answers(400, `${PREFIX}ResourceNotFoundException`),
    "ResourceNotFoundException",
    "table missing",
    false,
  ],
  "finds the credentials expired": [
    answers(400, `${COMMON}ExpiredTokenException`),
    "ExpiredTokenException",
    "credentials",
    false,
  ],
};

describe("Replication to a target that", () => {
  captureLogs();
  const endpoint = new FakeDynamoDB();

  for (const [what, [behavior, name, kind, permanent]] of Object.entries(CASES))
    describe(what, () => {
      before(() => (endpoint.behavior = behavior));

      it(`makes the SDK throw ${name}, which is ${kind}`, async () => {
        const client = new DynamoDBClient(settings(endpoint.url, behavior));
        const Item = { id: { S: "1" } };
        const error: unknown = await client.send(new PutItemCommand({ TableName: "tickets", Item })).then(
          () => assert.fail("It was taken."),
          (reason: unknown) => reason,
        );
        client.destroy();
        assert.ok(error instanceof Error);
        assert.equal(error.name, name);
        assert.deepEqual([failureOf(error).kind, failureOf(error).permanent], [kind, permanent]);
      });

      it(permanent ? "quarantines the complete record" : "keeps the record in the stream", async () => {
        const quarantined: unknown[] = [];
        const record = inserted(ticketItem(), 7);
        const client = new DynamoDBClient(settings(endpoint.url, behavior));
        const context: ReplicationContext = {
          region: IRELAND,
          now: () => NOW,
          target: targetTable({ commands, client }, "tickets"),
          conflicts: conflictLog(new MemoryConflictTable(), new MemoryConflictTable()),
          quarantine: {
            async add(entry) {
              quarantined.push(entry);
              return "queue";
            },
          },
        };
        const { batchItemFailures } = await replicateBatch(context, [record]);
        client.destroy();
        assert.deepEqual(batchItemFailures, permanent ? [] : [{ itemIdentifier: "7" }]);
        assert.deepEqual(quarantined, permanent ? [record] : []);
      });
    });
});

/** One attempt, with a time limit that is short only for the endpoint that never responds. */
function settings(endpoint: string, { kind }: Behavior): DynamoDBClientConfig {
  return {
    region: SINGAPORE,
    endpoint,
    maxAttempts: 1,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    requestHandler: { requestTimeout: kind === "never answers" ? 150 : 30_000, throwOnRequestTimeout: true },
  };
}
