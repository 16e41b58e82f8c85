import assert from "node:assert/strict";
import { CheckRecord, checkChanges } from "../../../operations/drill/route53-checks";
import { change } from "./support/drill-fixtures";

describe("Verdicts of Route 53 that the local cloud records", () => {
  it("are read from its events, each with the time of the event", () => {
    const events = [
      { at: 5, text: "Health check routing-singapore: unhealthy (no answer within 2000 ms)" },
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
      { at: 5, subject: "Route 53 check of singapore", value: "unhealthy: no answer within 2000 ms" },
      { at: 6, subject: "Route 53 check of singapore's takeover", value: "taken over" },
      {
        at: 7,
        subject: "Route 53 check of singapore's takeover",
        value: "not known, counts as not taken over: ECONNRESET",
      },
      { at: 8, subject: "Route 53 check of singapore", value: "healthy" },
    ]);
  });

  it("are collected once each, in the order of time, also when one look fails", async () => {
    const [first, second] = [change(1, "check", "healthy"), change(2, "check", "unhealthy")];
    const looks = [[second], [second, first]];
    const record = new CheckRecord(async () => looks.shift() ?? Promise.reject(new Error("ECONNREFUSED")));
    for (let look = 0; look < 3; look++) await record.collect();
    assert.deepEqual(record.changes, [first, second]);
    const none = new CheckRecord(undefined);
    await none.collect();
    assert.deepEqual(none.changes, []);
  });
});
