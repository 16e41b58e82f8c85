import assert from "node:assert/strict";
import type { Log } from "../../local/aws/log";
import { terminalLog } from "../../local/terminal-log";

describe("terminalLog", () => {
  let lines: string[];
  let log: Log;

  beforeEach(() => {
    lines = [];
    log = terminalLog((line) => lines.push(line));
  });

  it("shortens a request", () => {
    const record = {
      requestId: "x",
      method: "POST",
      routeKey: "POST /tickets",
      status: "201",
      responseLatency: "8",
      error: "-",
    };
    log("ireland access", JSON.stringify(record));
    log("ireland access", JSON.stringify({ ...record, status: "500", error: "INTEGRATION_FAILURE" }));
    assert.deepEqual(lines, [
      "ireland: POST /tickets 201, 8 ms, request x",
      "ireland: POST /tickets 500, 8 ms, request x, INTEGRATION_FAILURE",
    ]);
  });

  it("shows a function's log line with region and name, without timestamp and zeros", () => {
    const record = {
      timestamp: "2025-11-23",
      level: "INFO",
      message: "replicated",
      records: 2,
      failed: 0,
      _aws: {},
    };
    log("ireland ireland-to-singapore-feb054c", JSON.stringify(record));
    assert.deepEqual(lines, ["ireland ireland-to-singapore: replicated, records 2"]);
  });

  it("shows a function's error with its name, without the stack trace", () => {
    const record = {
      level: "ERROR",
      route: "GET /tickets",
      name: "TypeError",
      message: "no",
      stack: "at x\nat y",
    };
    log("ireland list-0a1b2c3", JSON.stringify(record));
    assert.deepEqual(lines, ["ireland list: ERROR TypeError: no, route GET /tickets"]);
  });

  it("shows a repeated problem once, until the source logs something else", () => {
    const problem = JSON.stringify({
      level: "WARN",
      message: "replicated",
      failed: 1,
      reason: { error: "Timeout" },
    });
    const success = JSON.stringify({ level: "INFO", message: "replicated", applied: 1 });
    for (const [source, line] of [
      ["ireland", problem],
      ["ireland", problem],
      ["singapore", problem],
      ["ireland", problem],
      ["ireland", success],
      ["ireland", success],
      ["ireland", problem],
    ])
      log(source, line);
    const text = 'WARN replicated, failed 1, reason {"error":"Timeout"}';
    assert.deepEqual(lines, [
      `ireland: ${text}`,
      `singapore: ${text}`,
      "ireland: replicated, applied 1",
      "ireland: replicated, applied 1",
      `ireland: ${text}`,
    ]);
  });

  it("leaves every other line unchanged", () => {
    for (const line of ["health check ireland is unhealthy", "{ not JSON", "", "[1]"]) log("route53", line);
    assert.deepEqual(lines, [
      "route53: health check ireland is unhealthy",
      "route53: { not JSON",
      "route53: ",
      "route53: [1]",
    ]);
  });
});
