import assert from "node:assert/strict";
import { ulid } from "ulid";
import { withEnvironment } from "../../support/environment";
import { captureLogs } from "../../support/logs";
import { IRELAND } from "../../../testing/tickets";
import { TicketApi, ticketApi } from "./api-handlers";
import { EmbeddedTable, FAKE_CREDENTIALS, TABLE_VARIABLES } from "./embedded-table";
import { type Fate, LossyDynamoDB } from "./lossy-dynamodb";

/** At least the number of requests for a call: three attempts of the SDK, one of which is repeated on a new connection. */
const REQUESTS = 6;
const all = (fate: Fate): Fate[] => Array<Fate>(REQUESTS).fill(fate);

describe("write whose response is lost, on an emulated DynamoDB", () => {
  const logs = captureLogs();
  withEnvironment({ AWS_REGION: IRELAND, ...TABLE_VARIABLES, ...FAKE_CREDENTIALS });
  new EmbeddedTable();
  const dynamodb = new LossyDynamoDB();
  let api: TicketApi;
  before(() => (api = ticketApi()));
  afterEach(() => {
    dynamodb.writes = [];
    dynamodb.reads = [];
  });

  type Send = () => ReturnType<TicketApi["get"]>;
  /** Writes, each as a function that sends it again in the same way. */
  const WRITES: Readonly<Record<string, () => Promise<Send>>> = {
    "POST with an Idempotency-Key": async () => {
      const key = { "idempotency-key": ulid() };
      return () => api.create({ subject: "No heating" }, key);
    },
    "PATCH with If-Match": async () => {
      const { body, headers } = await api.create({ subject: "No heating" });
      return () => api.update(body.id, { status: "closed" }, { "if-match": String(headers.etag) });
    },
    "DELETE with If-Match": async () => {
      const { body, headers } = await api.create({ subject: "No heating" });
      return () => api.delete(body.id, { "if-match": String(headers.etag) });
    },
  };
  const isSuccess = (status = 0): boolean => status >= 200 && status < 300;

  for (const [what, prepare] of Object.entries(WRITES)) {
    for (const fate of ["applied, lost", "lost", "failed"] as const)
      it(`returns 504 for a ${what} if every attempt is ${fate}, and a repeated request is applied once`, async () => {
        const send = await prepare();
        dynamodb.writes = all(fate);
        const { status, headers, body } = await send();
        assert.deepEqual([status, headers["retry-after"], body.status], [504, "1", 504]);
        assert.match(body.detail, /may or may not have been saved/);
        assert.equal(logs.lines.filter(({ level }) => level === "ERROR").length, 1);
        dynamodb.writes = [];
        const again = await send();
        assert.ok(isSuccess(again.status), again.text);
        const third = await send();
        assert.deepEqual([third.status, third.body], [again.status, again.body]);
      });

    it(`returns 504 for a ${what} if the last attempts are throttled after one without a response`, async () => {
      const send = await prepare();
      dynamodb.writes = ["lost", ...all("throttled")];
      assert.equal((await send()).status, 504);
    });

    it(`returns 503 for a ${what} if every attempt is throttled: nothing was written`, async () => {
      const send = await prepare();
      dynamodb.writes = all("throttled");
      const { status, body } = await send();
      assert.equal(status, 503);
      assert.match(body.detail, /Nothing was written/);
    });

    it(`succeeds for a ${what} whose first answer is lost`, async () => {
      const send = await prepare();
      dynamodb.writes = ["applied, lost"];
      assert.ok(isSuccess((await send()).status));
    });
  }

  it("returns 503 for a read without a response, also for the read of a write", async () => {
    const { body } = await api.create({ subject: "No heating" });
    for (const send of [
      () => api.get(body.id),
      () => api.update(body.id, { status: "closed" }),
      () => api.delete(body.id),
    ]) {
      dynamodb.reads = all("lost");
      assert.equal((await send()).status, 503);
      dynamodb.reads = [];
    }
  });

  it("returns 504 if a lost answer is followed by a read that fails", async () => {
    for (const prepare of Object.values(WRITES)) {
      const send = await prepare();
      // The second attempt is refused by its condition, so the function reads the item again.
      dynamodb.writes = ["applied, lost"];
      dynamodb.reads = ["answered", ...all("throttled")];
      assert.equal((await send()).status, 504);
      dynamodb.reads = [];
      assert.ok(isSuccess((await send()).status));
    }
  });
});

describe("write to a DynamoDB that refuses connections", () => {
  captureLogs();
  withEnvironment({
    AWS_REGION: IRELAND,
    ...TABLE_VARIABLES,
    AWS_ENDPOINT_URL_DYNAMODB: "http://127.0.0.1:9",
    ...FAKE_CREDENTIALS,
  });

  it("returns 503: nothing was sent", async () => {
    const { status, body } = await ticketApi().create({ subject: "No heating" });
    assert.equal(status, 503);
    assert.match(body.detail, /Nothing was written/);
  });
});
