import assert from "node:assert/strict";
import { cachedPrimary } from "../../../functions/routing/primary-role";

describe("Primary in the routing state", () => {
  let now: number;
  let answer: string | undefined;
  let lookups: number;
  let primary: () => Promise<string | undefined>;
  beforeEach(() => {
    [now, answer, lookups] = [0, "ireland", 0];
    primary = cachedPrimary(
      async () => {
        lookups++;
        return answer;
      },
      () => now,
    );
  });

  it("is looked up once a minute", async () => {
    for (now of [0, 1, 59_999]) assert.equal(await primary(), "ireland");
    assert.equal(lookups, 1);
    answer = "singapore";
    now = 60_000;
    assert.equal(await primary(), "singapore");
  });

  it("stays the last known one while DNS does not respond, and is looked up again five seconds later", async () => {
    await primary();
    answer = undefined;
    for (now of [60_000, 64_999, 65_000]) assert.equal(await primary(), "ireland");
    assert.equal(lookups, 3);
    answer = "singapore";
    now = 70_000;
    assert.equal(await primary(), "singapore");
  });

  it("is unknown before the first answer", async () => {
    answer = undefined;
    assert.equal(await primary(), undefined);
  });
});
