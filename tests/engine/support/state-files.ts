import assert from "node:assert/strict";
import { readdirSync } from "node:fs";

/** Asserts that a backend has a state of Ireland, and no metadata beside its states, which a killed CLI could leave incomplete. */
export function assertNoMetadataFiles(backend: string): void {
  const files = readdirSync(backend, { recursive: true, encoding: "utf8" });
  assert.ok(files.some((file) => file.endsWith("ireland.json")));
  assert.deepEqual(
    files.filter((file) => file.endsWith(".attrs")),
    [],
  );
}
