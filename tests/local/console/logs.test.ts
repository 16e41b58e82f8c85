import assert from "node:assert/strict";
import { RouteError } from "../../../local/console/http/route";
import { logRoutes, type ShownLogs } from "../../../local/console/logs/log-routes";
import { LogStore } from "../../../local/console/logs/log-store";
import { idOf, IRELAND } from "../../../testing/tickets";
import { formatVersion } from "../../../functions/replication/version";

const NOW = Date.parse("2026-01-02T03:04:05.678Z");
const REQUEST = "cBjf3kSxDoEEJjQ=";
const INVOCATION = "11111111-2222-3333-4444-555555555555";
const VERSION = formatVersion({ milliseconds: NOW, counter: 0, region: IRELAND });

describe("Console logs", () => {
  let store: LogStore;

  beforeEach(() => {
    store = new LogStore(["ireland", "singapore"], undefined, () => NOW);
  });

  const ask = (query = ""): ShownLogs => {
    const [route] = logRoutes(store, 7);
    return route.get({ path: {}, query: new URLSearchParams(query) }) as ShownLogs;
  };
  const texts = (query?: string): string[] => ask(query).entries.map(({ text }) => text);
  const add = (source: string, record: object | string): void =>
    store.add(source, typeof record === "string" ? record : JSON.stringify(record));

  function addWrite(): void {
    add("ireland ireland-create-0a1b2c3", {
      timestamp: "2026-01-02T03:04:05.600Z",
      level: "INFO",
      message: "Answered",
      requestId: REQUEST,
      lambdaRequestId: INVOCATION,
      ticketId: idOf(1),
      version: VERSION,
    });
    add("ireland access", { method: "POST", routeKey: "POST /tickets", status: "201", requestId: REQUEST });
    add("ireland ireland-to-singapore-0a1b2c3", {
      level: "INFO",
      message: "replicated",
      records: 2,
      writes: [
        { item: idOf(1), version: VERSION, result: "applied" },
        { item: idOf(2), version: VERSION.replace("-000000-", "-000001-"), result: "stale" },
      ],
    });
  }

  it("returns each line in words, with its time, region, source and level", () => {
    addWrite();
    add("dynamodb", "a request failed");
    assert.deepEqual(
      ask().entries.map(({ at, region, source, level }) => [at - NOW, region, source, level]),
      [
        [-78, "ireland", "ireland-create", "INFO"],
        [0, "ireland", "access", "INFO"],
        [0, "ireland", "ireland-to-singapore", "INFO"],
        [0, undefined, "dynamodb", "INFO"],
      ],
    );
    assert.deepEqual(texts().slice(2), [
      `replicated, records 2, ${idOf(1)} applied, ${idOf(2)} stale`,
      "a request failed",
    ]);
  });

  it("leaves the level, which is a field of its own, out of the words", () => {
    add("ireland list-0a1b2c3", { level: "ERROR", name: "TypeError", message: "no" });
    assert.deepEqual([texts(), ask().entries[0].level], [["TypeError: no"], "ERROR"]);
  });

  it("filters by region, source, level and text in any case", () => {
    add("ireland access", { routeKey: "GET /tickets", status: "200" });
    add("singapore access", { routeKey: "GET /tickets", status: "503" });
    add("singapore list-0a1b2c3", { level: "WARN", message: "Slow Table" });
    add("singapore list-0a1b2c3", "x Task timed out after 3.00 seconds");
    const levels = (query: string): string[] => ask(query).entries.map(({ level }) => level);
    assert.deepEqual(levels("region=singapore"), ["ERROR", "WARN", "ERROR"]);
    assert.deepEqual(levels("source=list"), ["WARN", "ERROR"]);
    assert.deepEqual(levels("level=ERROR"), ["ERROR", "ERROR"]);
    assert.deepEqual(levels("text=slow+table"), ["WARN"]);
    assert.deepEqual(levels("region=ireland&level=WARN"), []);
    assert.deepEqual(ask().sources, [
      { region: "ireland", source: "access" },
      { region: "singapore", source: "access" },
      { region: "singapore", source: "list" },
    ]);
  });

  for (const [what, id] of Object.entries({
    "the id of API Gateway": REQUEST,
    "the id of Lambda": INVOCATION,
    "the version that it wrote": VERSION,
    "the id of its ticket": idOf(1),
  }))
    it(`follows a request from ${what} to the batch that replicated its write`, () => {
      add("ireland access", { routeKey: "GET /tickets", status: "200", requestId: "another-id" });
      addWrite();
      add("ireland ireland-create-0a1b2c3", { level: "ERROR", message: "no", requestId: "another-id" });
      const sources = ask(`follow=${encodeURIComponent(id)}`).entries.map(({ source }) => source);
      assert.deepEqual(sources, ["ireland-create", "access", "ireland-to-singapore"]);
    });

  it("follows a request to text that its function printed, and that has no id", () => {
    store.add("ireland ireland-create-0a1b2c3", "TypeError: no", [REQUEST, INVOCATION]);
    store.add("ireland ireland-create-0a1b2c3", "    at create (create.ts:1:1)", [REQUEST, INVOCATION]);
    store.add("ireland ireland-create-0a1b2c3", "TypeError: another", ["another-id"]);
    add("ireland access", { routeKey: "POST /tickets", status: "500", requestId: REQUEST });
    const { entries } = ask(`follow=${INVOCATION}`);
    assert.deepEqual(
      entries.map(({ source }) => source),
      ["ireland-create", "ireland-create", "access"],
    );
    assert.equal(entries[0].requestId, REQUEST);
  });

  it("does not follow a request to others of the same batch or ticket", () => {
    addWrite();
    add("ireland access", { routeKey: "PATCH /tickets/{id}", status: "200", requestId: "another-id" });
    add("ireland update-0a1b2c3", {
      message: "Answered",
      requestId: "another-id",
      ticketId: idOf(1),
      version: VERSION.replace("-000000-", "-000001-"),
    });
    assert.equal(ask(`follow=${encodeURIComponent(REQUEST)}`).entries.length, 3);
    assert.equal(ask(`follow=${idOf(1)}`).entries.length, 5);
  });

  it("leaves out metrics, health checks and heartbeats unless they are requested", () => {
    add("ireland ireland-to-singapore-0a1b2c3", '{"_aws":{},"Applied":1}');
    add("ireland access", { routeKey: "GET /health", status: "200" });
    add("ireland ireland-health-0a1b2c3", { message: "Answered", route: "HEAD /health" });
    add("ireland access", { routeKey: "GET /routing", status: "200" });
    const writes = [{ item: `heartbeat-${IRELAND}`, version: VERSION, result: "applied" }];
    add("ireland ireland-to-singapore-0a1b2c3", { level: "INFO", message: "replicated", writes });
    assert.equal(ask().entries.length, 0);
    assert.equal(ask("routine=true").entries.length, 5);
    add("ireland ireland-to-singapore-0a1b2c3", { level: "WARN", message: "replicated", quarantined: 1 });
    assert.equal(ask().entries.length, 1);
  });

  it("continues after the newest line of an earlier request", () => {
    for (const line of ["one", "two", "three"]) add("dynamodb", line);
    const { newest, run } = ask();
    assert.deepEqual([newest, run], [3, 7]);
    add("dynamodb", "four");
    assert.deepEqual(texts(`after=${newest}`), ["four"]);
    assert.deepEqual(texts("limit=2"), ["three", "four"]);
  });

  it("keeps the newest 1,000 lines of each source", () => {
    add("iam", "rare");
    for (let number = 1; number <= 1500; number++) add("dynamodb", `line ${number}`);
    const found = store.find({ routine: true }, 0, 5000);
    assert.deepEqual([found.length, found[0].line, found[1].line], [1001, "rare", "line 501"]);
  });

  it("keeps a bounded number of characters, and cuts long lines", () => {
    store = new LogStore(["ireland"], { entriesOfSource: 1000, characters: 100_000 }, () => NOW);
    add("iam", "rare");
    for (let number = 0; number < 100; number++) add("dynamodb", "x".repeat(50_000));
    const found = store.find({ routine: true }, 0, 5000);
    assert.deepEqual([found.length, found[0].line], [4, "rare"]);
    assert.match(found[1].line, /^x{32768} … \(cut\)$/);
  });

  for (const query of ["follow=a", "follow=two%20words", "level=LOUD", "limit=0", "limit=501", "after=-1"])
    it(`returns 400 for ${query}`, () =>
      assert.throws(
        () => ask(query),
        (error) => error instanceof RouteError && error.status === 400,
      ));
});
