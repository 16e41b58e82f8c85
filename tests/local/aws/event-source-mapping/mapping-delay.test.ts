import assert from "node:assert/strict";
import { waitFor } from "../../../support/wait-for";
import { readResource } from "../../support/create-resource";
import { MappingFixture } from "./mapping-fixture";

describe("A change of an event source mapping with a delay", () => {
  let fixture: MappingFixture;
  beforeEach(() => (fixture = new MappingFixture()));
  afterEach(() => fixture.stop());

  it("shows the state of the change while the mapping still works as before", async () => {
    fixture.changeDelayMs = 1000;
    await fixture.start();
    const made = await fixture.map();
    assert.equal(made.outputs.state, "Creating");
    const state = async (): Promise<unknown> => (await readResource(fixture.mappings, made))?.outputs?.state;
    const expectState = (wanted: string): Promise<unknown> =>
      waitFor(async () => (await state()) === wanted, { what: `the state ${wanted}` });
    await expectState("Enabled");
    fixture.aws.write("a");
    await fixture.expectBatches([["a"]]);

    const disabled = await fixture.change(made, { enabled: false });
    assert.equal(disabled.outputs.state, "Disabling");
    fixture.aws.write("b");
    await fixture.expectBatches([["a"], ["b"]]);
    await expectState("Disabled");
    await waitFor(() => !fixture.mappings.statistics()[0].enabled, { what: "the effect" });
    fixture.aws.write("c");

    const enabled = await fixture.change(disabled, { enabled: true });
    assert.equal(enabled.outputs.state, "Enabling");
    assert.equal(fixture.mappings.statistics()[0].enabled, false);
    await fixture.expectBatches([["a"], ["b"], ["c"]]);
    const changed = await fixture.change(enabled, { batchSize: 1 });
    assert.equal(changed.outputs.state, "Updating");
  });
});
