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
const repaired = (second: number): Phase => ({
  kind: "mend",
  at: second * 1000,
  text: "ireland is repaired",
});
const seen = (changes: readonly Change[], phases: readonly Phase[]): string[] =>
  disturbances({ samples: [], changes, phases, routing: [], machine: [] });

describe("disturbances()", () => {
  it("includes an unhealthy region that the drill has not broken", () => {
    assert.deepEqual(seen([health("singapore", 5, "503")], [broken(4)]), ["health of singapore: 503"]);
    assert.deepEqual(seen([health("ireland", 3, "503")], [broken(4)]), ["health of ireland: 503"]);
    assert.deepEqual(seen([health("ireland", 15, "503")], [broken(4), repaired(10)]), [
      "health of ireland: 503",
    ]);
  });

  it("excludes a region that is broken, was just repaired or is healthy", () => {
    const changes = [
      health("ireland", 5, "503"),
      health("ireland", 11, "ECONNRESET"),
      health("singapore", 1, "healthy"),
    ];
    assert.deepEqual(seen(changes, [broken(4), repaired(10)]), []);
  });
});
