import assert from "node:assert/strict";
import { CheckRecord, checkChanges } from "../../../../operations/drill/systems/route53-checks";
import { change } from "../support/drill-fixtures";

describe("Route 53 checks recorded by the local cloud", () => {
  it("parses events, each with its time", () => {
    const events = [
      { at: 5, text: "Health check routing-singapore: unhealthy (no response within 2000 ms)" },
      { at: 6, text: "Health check routing-singapore-takeover: taken over (200)" },
      {
        at: 7,
        text: "Health check routing-singapore-takeover: not known, counts as not taken over (ECONNRESET)",
      },
      { at: 8, text: "Health check routing-singapore: healthy (200)" },
      { at: 8, text: "Health check routing-ireland-role: fit as primary (calculated)" },
      { at: 9, text: "ireland is up" },
      { at: 1, text: "Health check routing-ireland: healthy (200)" },
    ];
    assert.deepEqual(checkChanges(events, ["ireland", "singapore"], 2), [
      { at: 5, subject: "Route 53 check of singapore", value: "unhealthy: no response within 2000 ms" },
      { at: 6, subject: "Route 53 check of singapore's takeover", value: "taken over" },
      {
        at: 7,
        subject: "Route 53 check of singapore's takeover",
        value: "not known, counts as not taken over: ECONNRESET",
      },
      { at: 8, subject: "Route 53 check of singapore", value: "healthy" },
    ]);
  });

  it("collects each change once, in order of time, even if a read fails", async () => {
    const [first, second] = [change(1, "check", "healthy"), change(2, "check", "unhealthy")];
    const reads = [[second], [second, first]];
    const record = new CheckRecord(async () => reads.shift() ?? Promise.reject(new Error("ECONNREFUSED")));
    for (let read = 0; read < 3; read++) await record.collect();
    assert.deepEqual(record.changes, [first, second]);
    const none = new CheckRecord(undefined);
    await none.collect();
    assert.deepEqual(none.changes, []);
  });
});
