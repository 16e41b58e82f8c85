import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describeApi } from "../../../functions/openapi/describe-api";
import { httpEvent, invoke } from "../../../testing/api-calls";
import { withEnvironment } from "../../support/environment";
import { captureLogs } from "../../support/logs";
import { IRELAND } from "../../../testing/tickets";

describe("GET /openapi.json", () => {
  captureLogs();
  withEnvironment({ AWS_REGION: IRELAND });

  it("returns openapi.json, cacheable for five minutes", async () => {
    const { status, headers, body } = await invoke(describeApi(), httpEvent("GET", "/openapi.json"));
    assert.deepEqual([status, headers["content-type"]], [200, "application/json"]);
    assert.equal(headers["cache-control"], "public, max-age=300");
    const file = readFileSync(join(__dirname, "..", "..", "..", "openapi.json"), "utf8");
    assert.deepEqual(body, JSON.parse(file));
  });
});
