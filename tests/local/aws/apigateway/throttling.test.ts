import assert from "node:assert/strict";
import { StageThrottle, ThrottleBucket } from "../../../../local/aws/apigateway/throttling";

describe("StageThrottle", () => {
  it("admits the burst at once and then the rate", () => {
    let now = 0;
    const bucket = new ThrottleBucket({ burst: 3, rate: 2 }, () => now);
    const take = (times: number): boolean[] => Array.from({ length: times }, () => bucket.takeToken());
    assert.deepEqual(take(4), [true, true, true, false]);
    now = 500;
    assert.deepEqual(take(2), [true, false]);
    now = 60_000;
    assert.deepEqual(take(4), [true, true, true, false], "a bucket never holds more than its burst");
  });

  it("counts each route separately, with its own limits where they exist", () => {
    const throttle = new StageThrottle({ burst: 1, rate: 0 }, new Map([["GET /b", { burst: 2, rate: 0 }]]));
    const admitted = ["GET /a", "GET /a", "GET /b", "GET /b", "GET /b", "GET /c"].map((key) =>
      throttle.admits(key),
    );
    assert.deepEqual(admitted, [true, false, true, true, false, true]);
  });

  it("has no limit when none is set", () => {
    const throttle = new StageThrottle(undefined);
    assert.ok(Array.from({ length: 100 }, () => throttle.admits("GET /a")).every(Boolean));
  });
});
