import assert from "node:assert/strict";
import { createResource } from "../../support/create-resource";
import { LAMBDA_TRUST } from "../../support/function-roles";
import { FUNCTION, INVOKE, SCHEDULE, SCHEDULER_TRUST, SchedulerFixture } from "./scheduler-fixture";

describe("LocalScheduler", () => {
  let fixture: SchedulerFixture;
  beforeEach(() => (fixture = new SchedulerFixture()));
  afterEach(() => fixture.close());

  it("invokes the function at once and then at its rate, divided by the speed", async () => {
    const { id, outputs } = await fixture.schedule({}, { input: '{"a":1}' });
    assert.equal(id, "default/it-0123456");
    assert.equal(outputs.arn, "arn:aws:scheduler:eu-west-1:000000000000:schedule/default/it-0123456");
    assert.deepEqual(fixture.invoked, [{ functionArn: FUNCTION, event: { a: 1 } }]);
    assert.deepEqual(fixture.intervals(), [30_000]);
    await fixture.interval();
    assert.equal(fixture.invoked.length, 2);
  });

  it("starts the next invocation beside a running one only after ten seconds, at any speed", async () => {
    let end = (): void => undefined;
    fixture.ended = new Promise((resolve) => (end = resolve));
    await fixture.schedule();
    fixture.now = 9_999;
    await fixture.interval();
    assert.equal(fixture.invoked.length, 1);
    fixture.now = 10_000;
    await fixture.interval();
    assert.equal(fixture.invoked.length, 2);
    await fixture.interval();
    assert.equal(fixture.invoked.length, 2);
    end();
    await fixture.interval();
    await fixture.interval();
    assert.equal(fixture.invoked.length, 3);
  });

  it("invokes nothing while its region is down, or after it is closed", async () => {
    fixture.regions.setState("ireland", "down");
    await fixture.schedule();
    await fixture.interval();
    assert.equal(fixture.invoked.length, 0);
    fixture.regions.setState("ireland", "up");
    await fixture.interval();
    assert.equal(fixture.invoked.length, 1);
    await fixture.scheduler.close();
    await fixture.interval();
    assert.equal(fixture.invoked.length, 1);
  });

  it("does not start a disabled schedule", async () => {
    await fixture.schedule({ state: "DISABLED" });
    await fixture.interval();
    assert.equal(fixture.invoked.length, 0);
  });

  it("invokes no function that its role does not allow, and logs that once", async () => {
    const policy = { Statement: { ...INVOKE.Statement, Resource: `${FUNCTION}-other` } };
    const roleArn = await fixture.role(SCHEDULER_TRUST, policy);
    const target = { arn: FUNCTION, roleArn };
    const inputs = { scheduleExpression: "rate(1 minute)", flexibleTimeWindow: { mode: "OFF" }, target };
    await createResource(fixture.scheduler, SCHEDULE, inputs);
    await fixture.interval();
    assert.match(
      fixture.logged[0],
      /^ireland it-0123456: is not invoked: .*not authorized to perform: lambda:Invoke/,
    );
    assert.equal(fixture.invoked.length, 0);
    assert.equal(fixture.logged.length, 1);
  });

  it("needs a permission for exactly the alias that it invokes", async () => {
    const permitted = { Statement: { ...INVOKE.Statement, Resource: `${FUNCTION}:live` } };
    const roleArn = await fixture.role(SCHEDULER_TRUST, permitted);
    const schedule = (arn: string, name: string): Promise<unknown> =>
      createResource(
        fixture.scheduler,
        SCHEDULE,
        {
          ...{ scheduleExpression: "rate(1 minute)", flexibleTimeWindow: { mode: "OFF" } },
          target: { arn, roleArn },
        },
        { name },
      );
    await schedule(`${FUNCTION}:live`, "alias");
    await schedule(FUNCTION, "function");
    assert.deepEqual(
      fixture.invoked.map(({ functionArn }) => functionArn),
      [`${FUNCTION}:live`],
    );
    assert.match(fixture.logged[0], /function-0123456: is not invoked: .*lambda:InvokeFunction on resource/);
  });

  it("logs once when invocations fail, and when they succeed again", async () => {
    fixture.failure = new Error("Reserved concurrency is used up.");
    await fixture.schedule();
    await fixture.interval();
    fixture.failure = undefined;
    await fixture.interval();
    assert.deepEqual(fixture.logged, [
      "ireland it-0123456: is not invoked: Reserved concurrency is used up.",
      "ireland it-0123456: is invoked again",
    ]);
  });

  it("rejects a role that the scheduler cannot assume", async () => {
    const roleArn = await fixture.role(LAMBDA_TRUST);
    const inputs = { scheduleExpression: "rate(1 minute)", flexibleTimeWindow: { mode: "OFF" } };
    await assert.rejects(
      createResource(fixture.scheduler, SCHEDULE, { ...inputs, target: { arn: FUNCTION, roleArn } }),
      /Schedule it-0123456: the role .* must allow sts:AssumeRole to scheduler\.amazonaws\.com/,
    );
  });

  for (const [what, inputs, target, message] of [
    ["a cron expression", { scheduleExpression: "cron(0 3 * * ? *)" }, {}, /cron\(.* is not supported here/],
    [
      "a rate of nothing",
      { scheduleExpression: "rate(0 minutes)" },
      {},
      /rate\(0 minutes\) is not supported/,
    ],
    ["a window", { flexibleTimeWindow: { mode: "FLEXIBLE" } }, {}, /flexibleTimeWindow.mode must be OFF/],
    ["a start", { startDate: "2030-01-01T00:00:00Z" }, {}, /does not support startDate .*Use a rate/],
    ["another region", { region: "us-east-1" }, {}, /region must be the region of its provider, eu-west-1/],
    ["an unknown state", { state: "PAUSED" }, {}, /state must be ENABLED or DISABLED, not PAUSED/],
    ["an event that is not JSON", {}, { input: "{" }, /target\.input must be JSON/],
    ["a queue", {}, { arn: "arn:aws:sqs:eu-west-1:000000000000:q" }, /must be a function's ARN/],
    ["a dead-letter queue", {}, { deadLetterConfig: {} }, /does not support target\.deadLetterConfig/],
  ] as const)
    it(`rejects ${what}`, async () => {
      await assert.rejects(fixture.schedule(inputs, target), message);
    });
});
