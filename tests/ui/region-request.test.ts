import assert from "node:assert/strict";
import { cacheModeOf } from "../../ui/src/data/region-request";

describe("cache mode of the web UI's requests", () => {
  it("bypasses the HTTP cache for reads, and keeps the cache of preflight requests in use for writes", () => {
    const modes = [undefined, "GET", "POST", "PATCH", "DELETE"].map((method) => [
      method,
      cacheModeOf(method),
    ]);
    assert.deepEqual(modes, [
      [undefined, "no-store"],
      ["GET", "no-store"],
      ["POST", "force-cache"],
      ["PATCH", "force-cache"],
      ["DELETE", "force-cache"],
    ]);
  });
});
