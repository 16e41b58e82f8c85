import assert from "node:assert/strict";
import type { Change, Phase } from "../../operations/drill/observations";
import { disturbances } from "./disturbances";

const health = (region: string, second: number, value: string): Change => ({
  subject: `health of ${region}`,
  at: second * 1000,
  value,
});
const broken = (second: number): Phase => ({
  kind: "fault",
  at: second * 1000,
  text: "ireland is made down",
});
const mended = (second: number): Phase => ({ kind: "mend", at: second * 1000, text: "ireland is mended" });
const seen = (changes: readonly Change[], phases: readonly Phase[]): string[] =>
  disturbances({ samples: [], changes, phases, routing: [], machine: [] });

describe("What disturbs a drill", () => {
  it("is a region that nobody broke and that is not well", () => {
    assert.deepEqual(seen([health("singapore", 5, "503")], [broken(4)]), ["health of singapore: 503"]);
    assert.deepEqual(seen([health("ireland", 3, "503")], [broken(4)]), ["health of ireland: 503"]);
    assert.deepEqual(seen([health("ireland", 15, "503")], [broken(4), mended(10)]), [
      "health of ireland: 503",
    ]);
  });

  it("is not one that is broken, or is just coming back, or is well", () => {
    const changes = [
      health("ireland", 5, "503"),
      health("ireland", 11, "ECONNRESET"),
      health("singapore", 1, "healthy"),
    ];
    assert.deepEqual(seen(changes, [broken(4), mended(10)]), []);
  });
});
