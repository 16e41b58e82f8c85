import assert from "node:assert/strict";
import { failureObject, quarantineMessage } from "../../../../functions/replication/quarantined-record";
import { Regions } from "../../../../local/aws/regions";
import { RouteError } from "../../../../local/console/http/route";
import {
  messageContent,
  objectContent,
  type QuarantinedContent,
} from "../../../../local/console/quarantine/quarantined-entry";
import type { QuarantineReader } from "../../../../local/console/quarantine/quarantine-reader";
import { quarantineRoutes } from "../../../../local/console/quarantine/quarantine-routes";
import type { RedriveRequest, RedriveResult } from "../../../../local/console/quarantine/redrive-command";
import { inserted } from "../../../../testing/stream-records";
import { idOf, IRELAND, ticketItem, versionAt } from "../../../../testing/tickets";

const AT = Date.parse("2026-01-01T00:00:00.000Z");

describe("Console quarantine", () => {
  const quarantined = (description = "short"): Parameters<typeof quarantineMessage>[0] => ({
    error: "ValidationException",
    message: "Item size has exceeded the maximum allowed size",
    quarantinedAt: "2026-01-02T00:00:00.000Z",
    sourceRegion: IRELAND,
    record: inserted(ticketItem({ id: idOf(1), version: versionAt(0), description }), 1),
  });
  const message = (text: string): QuarantinedContent =>
    messageContent({ id: "m", text, at: AT, isHidden: false });
  const object = (text: string): QuarantinedContent =>
    objectContent({ id: "o", text, at: AT, isHidden: false });

  it("shows a message with its item, version, reason, time and whole record", () => {
    const { entry, content } = message(quarantineMessage(quarantined()) as string);
    assert.deepEqual(entry, {
      id: "m",
      place: "queue",
      item: idOf(1),
      version: versionAt(0),
      error: "ValidationException",
      reason: "Item size has exceeded the maximum allowed size",
      at: "2026-01-02T00:00:00.000Z",
      isHidden: false,
    });
    assert.deepEqual((content as { record: unknown }).record, quarantined().record);
  });

  it("shows the record of a compressed message in readable form", () => {
    const long = "\u0001".repeat(400_000);
    const body = quarantineMessage(quarantined(long)) as string;
    assert.match(body, /"compressedRecord"/);
    const { entry, content } = message(body);
    assert.equal(entry.item, idOf(1));
    assert.deepEqual((content as { record: unknown }).record, quarantined(long).record);
    assert.equal((content as { compressedRecord?: string }).compressedRecord, undefined);
  });

  it("shows an object of the failure bucket, with its payload as JSON", () => {
    const { entry, content } = object(failureObject(quarantined()));
    assert.deepEqual(
      [entry.item, entry.version, entry.error],
      [idOf(1), versionAt(0), "ValidationException"],
    );
    assert.deepEqual((content as { payload: unknown }).payload, { Records: [quarantined().record] });
    const records = JSON.stringify({ Records: [quarantined().record, quarantined().record] });
    const ofLambda = { requestContext: { condition: "RetryAttemptsExhausted" }, payload: records };
    const { item, reason, at } = object(JSON.stringify(ofLambda)).entry;
    assert.deepEqual(
      [item, reason, at],
      [undefined, "RetryAttemptsExhausted (2 records)", "2026-01-01T00:00:00.000Z"],
    );
  });

  for (const text of [
    "",
    "{",
    "null",
    "[]",
    "7",
    '{"record":{"dynamodb":7}}',
    '{"payload":"{"}',
    '{"payload":{"Records":[null]}}',
  ])
    it(`shows ${JSON.stringify(text)} without a record`, () => {
      assert.deepEqual([message(text).entry.item, object(text).entry.item], [undefined, undefined]);
      assert.equal(message(text).entry.reason, "The message holds no quarantined record.");
      assert.doesNotThrow(() => JSON.stringify([message(text), object(text)]));
    });

  describe("POST /quarantine/{region}", () => {
    let asked: RedriveRequest[];
    let finish: (result: RedriveResult) => void;
    const regions = new Regions([{ name: "ireland", code: IRELAND }]);
    const reader: QuarantineReader = {
      read: async (region) => ({ region, problem: undefined, total: 0, entries: [] }),
      content: async (_region, id) => (id === "m" ? message("7") : undefined),
    };
    const routes = quarantineRoutes(regions, {
      reader,
      redrive: { run: (request) => (asked.push(request), new Promise((resolve) => (finish = resolve))) },
    });
    const ask = (path: string, values: Record<string, string>, body?: unknown): Promise<unknown> => {
      const route = routes.find((candidate) => candidate.path === path);
      const request = { path: values, query: new URLSearchParams() };
      return (async () => (body === undefined ? route?.get(request) : route?.post?.(request, body)))();
    };
    const post = (body: unknown, region = "ireland"): Promise<unknown> =>
      ask("/quarantine/{region}", { region }, body);
    const rejected = (answer: Promise<unknown>, status: number, detail: RegExp): Promise<void> =>
      assert.rejects(
        answer,
        (error) => error instanceof RouteError && error.status === status && detail.test(error.message),
      );

    beforeEach(() => (asked = []));

    it("runs the command and returns its result", async () => {
      for (const [body, dryRun, discard] of [
        [{ action: "redrive" }, false, undefined],
        [{ action: "preview" }, true, undefined],
        [{ action: "preview", reason: "too old" }, true, "too old"],
        [{ action: "discard", reason: " --dry-run " }, false, "--dry-run"],
      ] as const) {
        const answer = post(body);
        const result = { exitCode: 1, lines: ["one"] };
        finish(result);
        assert.deepEqual(await answer, result);
        assert.deepEqual(asked.pop(), { region: "ireland", dryRun, discard });
      }
    });

    it("runs one command at a time", async () => {
      const first = post({ action: "redrive" });
      await rejected(post({ action: "redrive" }), 409, /^A redrive of ireland is still running/);
      finish({ exitCode: 0, lines: [] });
      await first;
      const second = post({ action: "redrive" });
      finish({ exitCode: 0, lines: [] });
      assert.deepEqual(await second, { exitCode: 0, lines: [] });
    });

    for (const body of [
      null,
      {},
      { action: "drop" },
      { action: "discard" },
      { action: "discard", reason: "  " },
      { action: "preview", reason: 7 },
    ])
      it(`rejects ${JSON.stringify(body)}`, async () => {
        await rejected(post(body), 400, /reason|"action"/);
        assert.deepEqual(asked, []);
      });

    it("rejects an unknown region and a record that is gone", async () => {
      await rejected(post({ action: "redrive" }, "mars"), 404, /^There is no region mars/);
      await rejected(ask("/quarantine/{region}/{id}", { region: "ireland", id: "x" }), 404, /any more/);
      assert.deepEqual(await ask("/quarantine/{region}/{id}", { region: "ireland", id: "m" }), message("7"));
    });
  });
});
