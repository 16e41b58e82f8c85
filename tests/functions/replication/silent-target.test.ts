import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { closeServer, listen } from "../../../local/aws/listen";
import { replicate } from "../../../functions/replication/replicate";
import { withEnvironment } from "../../support/environment";
import { captureLogs } from "../../support/logs";
import { inserted } from "../../../testing/stream-records";
import { idOf, IRELAND, SINGAPORE, ticketItem, versionAt } from "../../../testing/tickets";

/** Lasts one attempt of two seconds; a second attempt after a timeout, or a second round of items, would take four. */
const MAXIMUM_MS = 3500;

const JSON_TYPE = { "content-type": "application/x-amz-json-1.0" };

/** Behavior of a target that fails. */
type Failing = (request: IncomingMessage, response: ServerResponse) => void;

/** Returns a behavior of DynamoDB: it responds with an error. */
function failingWith(status: number, name: string): Failing {
  const body = JSON.stringify({
    __type: `com.amazonaws.dynamodb.v20120810#${name}`,
    message: "The target refused.",
  });
  return (_request, response) => void response.writeHead(status, JSON_TYPE).end(body);
}

describe("The replication function with a target region that does not answer", () => {
  captureLogs();
  withEnvironment({
    AWS_REGION: IRELAND,
    AWS_LAMBDA_FUNCTION_NAME: "ireland-to-singapore",
    TARGET_REGION: SINGAPORE,
    TARGET_TABLE_NAME: "tickets",
    TARGET_CONFLICT_TABLE_NAME: "conflicts-there",
    CONFLICT_TABLE_NAME: "conflicts-here",
    QUARANTINE_QUEUE_URL: "http://127.0.0.1:9/queue",
    FAILURE_BUCKET_NAME: "failures",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_ENDPOINT_URL_DYNAMODB: undefined,
  });
  const records = Array.from({ length: 100 }, (_, index) =>
    inserted(ticketItem({ id: idOf(index + 1), version: versionAt(index) }), index + 1),
  );
  let server: Server;
  afterEach(() => closeServer(server));

  const handlerOf = async (): Promise<ReturnType<typeof replicate>> => {
    const port = await listen(server, { port: 0, purpose: "the silent target" });
    process.env.AWS_ENDPOINT_URL_DYNAMODB = `http://127.0.0.1:${port}`;
    return replicate();
  };

  it("ends after one time limit, and returns the first record", async () => {
    server = createServer(() => undefined);
    const handler = await handlerOf();
    const startedAt = performance.now();
    const { batchItemFailures } = await handler({ Records: records });
    assert.deepEqual(batchItemFailures, [{ itemIdentifier: "1" }]);
    const elapsedMs = performance.now() - startedAt;
    assert.ok(elapsedMs < MAXIMUM_MS, `took ${Math.round(elapsedMs)} ms`);
  }).timeout(30_000);

  /** Returns how often a target is called that fails at first, and what the function returns. */
  const callsOf = async (failures: number, fail: Failing): Promise<[number, readonly object[]]> => {
    let calls = 0;
    server = createServer((request, response) => {
      if (++calls <= failures) return fail(request, response);
      response.writeHead(200, JSON_TYPE).end("{}");
    });
    const handler = await handlerOf();
    const { batchItemFailures } = await handler({ Records: records.slice(0, 1) });
    return [calls, batchItemFailures];
  };

  for (const [failure, fail] of Object.entries({
    "its connection was lost": (request) => void request.socket.destroy(),
    "it was throttled": failingWith(400, "ThrottlingException"),
    "a partition was busy": failingWith(400, "ProvisionedThroughputExceededException"),
    "the target returned a 500": failingWith(500, "InternalServerError"),
  } satisfies Record<string, Failing>)) {
    it(`sends a write again if ${failure}`, async () => {
      assert.deepEqual(await callsOf(2, fail), [3, []]);
    });

    it(`returns the record to the stream after three attempts if ${failure} each time`, async () => {
      assert.deepEqual(await callsOf(Infinity, fail), [3, [{ itemIdentifier: "1" }]]);
    });
  }

  it("does not send a write again if it was denied, or failed slowly", async () => {
    const returned = [1, [{ itemIdentifier: "1" }]];
    assert.deepEqual(await callsOf(1, failingWith(400, "AccessDeniedException")), returned);
    await closeServer(server);
    const slowly: Failing = (request, response) =>
      void setTimeout(() => failingWith(500, "InternalServerError")(request, response), 1200);
    assert.deepEqual(await callsOf(1, slowly), returned);
  }).timeout(10_000);
});
