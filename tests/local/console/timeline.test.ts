import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { recordTimeline, Timeline } from "../../../local/console/timeline";
import { Regions } from "../../../local/aws/regions";
import type { Services } from "../../../local/services";

describe("Timeline", () => {
  it("lists the newest event first, with its time and region", () => {
    const timeline = new Timeline();
    const before = Date.now();
    timeline.add("first");
    timeline.add("second", "ireland");
    const [second, first] = timeline.latest();
    assert.deepEqual([second.text, second.region], ["second", "ireland"]);
    assert.deepEqual([first.text, first.region], ["first", undefined]);
    assert.deepEqual([second.number, first.number], [2, 1]);
    assert.ok(first.at >= before && second.at <= Date.now());
  });

  it("keeps the last 100 events", () => {
    const timeline = new Timeline();
    for (let number = 1; number <= 250; number++) timeline.add(String(number));
    const texts = timeline.latest().map(({ text }) => text);
    assert.equal(texts.length, 100);
    assert.deepEqual([texts[0], texts[99]], ["250", "151"]);
  });

  it("records changes of regions, health checks and DNS", () => {
    const timeline = new Timeline();
    const regions = new Regions([
      { name: "ireland", code: "eu-west-1" },
      { name: "singapore", code: "ap-southeast-1" },
    ]);
    let address = "127.0.0.11";
    const route53 = Object.assign(new EventEmitter(), {
      zones: () => [{ records: [{ name: "api.tickets.test.", type: "A" }] }],
      resolve: () => [{ type: "A", data: address }],
    });
    recordTimeline(timeline, regions, { route53 } as unknown as Services);

    regions.setState("ireland", "down");
    address = "127.0.0.12";
    const check = { name: "ireland", target: "https://ireland.tickets.test/health", kind: "endpoint" };
    route53.emit("healthChange", { ...check, healthy: false, lastResult: "no answer" });
    regions.setState("ireland", "isolated");
    regions.setState("ireland", "slow");
    regions.setState("ireland", "up");
    address = "127.0.0.11";
    route53.emit("healthChange", { ...check, healthy: true, lastResult: "200" });

    assert.deepEqual(
      timeline.latest().map(({ text, region }) => `${region}: ${text}`),
      [
        "undefined: DNS: api.tickets.test resolves to ireland",
        "undefined: Health check ireland: healthy (200)",
        "ireland: is up",
        "ireland: is slow: API by 3 s, database by 1 s",
        "ireland: is isolated: replication is cut",
        "undefined: DNS: api.tickets.test resolves to singapore",
        "undefined: Health check ireland: unhealthy (no answer)",
        "ireland: is stopped",
      ],
    );
  });
});
