import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { closeServer, listen } from "../../../local/aws/listen";
import { replicate } from "../../../functions/replication/replicate";
import { withEnvironment } from "../../support/environment";
import { captureLogs } from "../../support/logs";
import { inserted } from "../../../testing/stream-records";
import { idOf, IRELAND, SINGAPORE, ticketItem, versionAt } from "../../../testing/tickets";

/** Lasts one attempt of two seconds; a second attempt, or a second round of items, would take four. */
const MAXIMUM_MS = 3500;

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

  it("sends a write again, once, if its connection was lost", async () => {
    let calls = 0;
    server = createServer((request, response) => {
      if (++calls === 1) return void request.socket.destroy();
      response.writeHead(200, { "content-type": "application/x-amz-json-1.0" }).end("{}");
    });
    const handler = await handlerOf();
    assert.deepEqual((await handler({ Records: records.slice(0, 1) })).batchItemFailures, []);
    assert.equal(calls, 2);
  });
});
