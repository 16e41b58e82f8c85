import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { DOCUMENT_TEXT } from "../../../functions/openapi/document";
import { withTicketSchemas } from "../../../functions/openapi/ticket-schemas";
import { scripts } from "../../../package.json";

const ROOT = join(__dirname, "..", "..", "..");
const SCHEMA = "functions/openapi/schema.ts";

describe("openapi.json", () => {
  it("follows from the ticket attributes", () => {
    const document = JSON.parse(DOCUMENT_TEXT);
    assert.deepEqual(
      document.components.schemas,
      withTicketSchemas(document).components.schemas,
      "openapi.json differs from functions/tickets/ticket-attributes.ts: run npm run openapi.",
    );
  });
});

describe("functions/openapi/schema.ts", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "openapi-"));
  after(() => rmSync(folder, { recursive: true }));

  it("equals the output of `npm run openapi`", async () => {
    const made = join(folder, "schema.ts");
    const generate = scripts.openapi.split(" && ").find((part) => part.startsWith("openapi-typescript "));
    assert.ok(generate, "npm run openapi does not call openapi-typescript.");
    const [command, ...args] = generate.replace(SCHEMA, made).split(" ");
    const path = join(ROOT, "node_modules", ".bin", command);
    const { status, stderr, error } = spawnSync(path, args, {
      cwd: ROOT,
      encoding: "utf8",
      timeout: 110_000,
    });
    assert.equal(status, 0, error?.message ?? stderr);
    const options = { ...(await resolveConfig(join(ROOT, SCHEMA))), parser: "typescript" };
    const expected = await format(readFileSync(made, "utf8"), options);
    assert.ok(
      readFileSync(join(ROOT, SCHEMA), "utf8") === expected,
      `${SCHEMA} differs from openapi.json: run npm run openapi.`,
    );
  });
});
