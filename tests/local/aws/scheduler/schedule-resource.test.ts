import assert from "node:assert/strict";
import type { ExistingResource } from "../../../../local/aws/resource";
import { createResource, deleteResource, readResource, updateResource } from "../../support/create-resource";
import { LAMBDA_TRUST } from "../../support/function-roles";
import { SCHEDULE, SCHEDULER_TRUST, SchedulerFixture } from "./scheduler-fixture";

describe("A schedule", () => {
  let fixture: SchedulerFixture;
  beforeEach(() => (fixture = new SchedulerFixture()));
  afterEach(() => fixture.close());

  it("rejects a name that exists in its group and region", async () => {
    const { inputs } = await fixture.schedule({ name: "beat" });
    await assert.rejects(createResource(fixture.scheduler, SCHEDULE, inputs), {
      message: "ConflictException: Schedule beat already exists in the group default.",
    });
    const other = await createResource(fixture.scheduler, SCHEDULE, { ...inputs, groupName: "other" });
    assert.equal(other.id, "other/beat");
    await createResource(fixture.scheduler, SCHEDULE, inputs, { region: "ap-southeast-1" });
  });

  it("is replaced for a name, group or region, as on AWS", () => {
    const { replacing } = fixture.scheduler.resourceHandlers[SCHEDULE];
    assert.deepEqual(Object.keys(replacing), ["groupName", "name", "region"]);
  });

  it("applies a changed rate and starts again with it", async () => {
    const made = await fixture.schedule();
    await updateResource(fixture.scheduler, made, { ...made.inputs, scheduleExpression: "rate(2 hours)" });
    assert.deepEqual(fixture.intervals(), [3_600_000]);
    assert.equal(fixture.invoked.length, 2);
  });

  it("applies a changed event without an invocation, and keeps its rhythm", async () => {
    const made = await fixture.schedule();
    const [timer] = fixture.timers;
    const target = { ...made.inputs.target, input: "[1]" };
    await updateResource(fixture.scheduler, made, { ...made.inputs, target, description: "beats" });
    assert.equal(fixture.invoked.length, 1);
    assert.deepEqual([...fixture.timers], [timer]);
    await fixture.interval();
    assert.deepEqual(fixture.invoked[1].event, [1]);
  });

  it("stops when it is disabled and starts when it is enabled", async () => {
    const made = await fixture.schedule();
    const disabled = await updateResource(fixture.scheduler, made, { ...made.inputs, state: "DISABLED" });
    assert.equal(disabled.outputs.state, "DISABLED");
    assert.equal(fixture.timers.size, 0);
    await updateResource(fixture.scheduler, disabled, made.inputs);
    assert.deepEqual([fixture.timers.size, fixture.invoked.length], [1, 2]);
  });

  it("stays unchanged after an invalid change", async () => {
    const made = await fixture.schedule();
    const invalid = { ...made.inputs, scheduleExpression: "at(2030-01-01T00:00:00)" };
    await assert.rejects(updateResource(fixture.scheduler, made, invalid), /is not supported here/);
    await fixture.interval();
    assert.equal(fixture.invoked.length, 2);
    assert.deepEqual((await readResource(fixture.scheduler, made))?.inputs, made.inputs);
  });

  it("invokes nothing after its role can no longer be assumed, or may no longer invoke the function", async () => {
    const made = await fixture.schedule();
    const assumeRolePolicy = LAMBDA_TRUST;
    const existing = (type: string, id: string, inputs: object): ExistingResource => ({
      ...{ type, id, inputs, name: "it", region: "eu-west-1", outputs: {} },
    });
    const beater = existing("aws:iam/role:Role", "beater", {
      name: "beater",
      assumeRolePolicy: SCHEDULER_TRUST,
    });
    await updateResource(fixture.iam, beater, { assumeRolePolicy });
    await fixture.interval();
    await updateResource(fixture.iam, beater, { assumeRolePolicy: SCHEDULER_TRUST });
    await fixture.interval();
    assert.deepEqual([fixture.invoked.length, fixture.logged.length], [2, 2]);
    assert.match(
      fixture.logged[0],
      /is not invoked: the role .*beater must allow sts:AssumeRole to scheduler/,
    );
    const policy = existing("aws:iam/rolePolicy:RolePolicy", "beater:it-0123456", {
      role: "beater",
      name: "it-0123456",
    });
    await deleteResource(fixture.iam, policy);
    await fixture.interval();
    assert.equal(fixture.invoked.length, 2);
    assert.match(fixture.logged[2], /not authorized to perform: lambda:InvokeFunction/);
    assert.ok(await readResource(fixture.scheduler, made));
  });

  it("is gone after its deletion, and invokes nothing", async () => {
    const made = await fixture.schedule();
    await deleteResource(fixture.scheduler, made);
    assert.equal(fixture.timers.size, 0);
    assert.equal(await readResource(fixture.scheduler, made), undefined);
    await deleteResource(fixture.scheduler, made);
    await assert.rejects(updateResource(fixture.scheduler, made, made.inputs), /ResourceNotFoundException/);
    const again = await createResource(fixture.scheduler, SCHEDULE, made.inputs);
    assert.deepEqual(again.outputs, made.outputs);
  });
});
