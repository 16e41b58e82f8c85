import assert from "node:assert/strict";
import type { ReadResource } from "../../../local/aws/resource";
import { resourceNameOf } from "../../../local/pulumi/engine/engine-run";
import { readStored } from "../support/existing-resources";
import type { EngineCloud, StackUnderTest } from "../support/engine-cloud";

/** Row of a deployed stack: what scripts/adopt-pending.js needs of every type. */
export function adoptionRow(cloud: () => EngineCloud, stack: () => StackUnderTest): void {
  it("can be read by the ids and inputs alone, as a refresh does with adopted resources", async () => {
    const state = await stack().state();
    const adopted = (state.resources ?? []).map((resource) => ({ ...resource, outputs: resource.inputs }));
    const expected = await readStored(cloud(), state);
    assert.ok(expected.size > 200);
    const found = await readStored(cloud(), { ...state, resources: adopted });
    for (const [urn, resource] of expected) {
      assert.ok(resource, `${resourceNameOf(urn)} must exist.`);
      assert.deepEqual(comparable(found.get(urn)), comparable(resource), resourceNameOf(urn));
    }
  });
}

/** JSON, because the paths and texts of assets are promises, and two promises are never equal. */
function comparable(resource: ReadResource | undefined): unknown {
  return resource && JSON.parse(JSON.stringify(resource));
}
