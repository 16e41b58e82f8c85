import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExistingResource } from "../../../local/aws/resource";
import { resourceNameOf } from "../../../local/pulumi/engine/engine-run";
import type { EngineState } from "../../../local/pulumi/engine/engine-stack";
import { PROJECT_DIRECTORY } from "../../../local/services";
import type { StackUnderTest } from "./engine-cloud";

/** Adopts resources whose creation was interrupted, with the script and the steps of docs/troubleshooting.md. */
export async function adoptPending(
  stack: StackUnderTest,
  resources: readonly ExistingResource[],
): Promise<void> {
  const deployment = await stack.state();
  const pending = deployment.pending_operations ?? [];
  const urns = new Map(pending.map(({ resource: { urn } }) => [resourceNameOf(urn), urn]));
  const pairs = resources.map(({ type, name, id }) => `${urns.get(`${type} ${name}`)}=${id}`);
  const folder = mkdtempSync(join(tmpdir(), "pending-"));
  try {
    const file = join(folder, "state.json");
    writeFileSync(file, JSON.stringify({ version: 3, deployment }));
    const adopted = runScript(file, pairs) as { deployment: EngineState };
    await stack.importResources(adopted.deployment.resources);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function runScript(file: string, pairs: readonly string[]): unknown {
  const script = join(PROJECT_DIRECTORY, "scripts", "adopt-pending.js");
  const { stdout, stderr } = spawnSync(process.execPath, [script, file, ...pairs], { encoding: "utf8" });
  assert.equal(stderr, "");
  return JSON.parse(stdout);
}
