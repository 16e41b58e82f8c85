import assert from "node:assert/strict";
import { mock } from "node:test";
import { LocalIam } from "../../../../local/aws/iam/iam";
import { Regions } from "../../../../local/aws/regions";
import { LocalScheduler } from "../../../../local/aws/scheduler/scheduler";
import { createResource } from "../../support/create-resource";
import { LAMBDA_TRUST } from "../../support/function-roles";

const SCHEDULE = "aws:scheduler/schedule:Schedule";
const FUNCTION = "arn:aws:lambda:eu-west-1:000000000000:function:heartbeat";
const SCHEDULER_TRUST = {
  Statement: {
    Effect: "Allow",
    Principal: { Service: "scheduler.amazonaws.com" },
    Action: "sts:AssumeRole",
    Condition: { StringEquals: { "aws:SourceAccount": "000000000000" } },
  },
};
const INVOKE = { Statement: { Effect: "Allow", Action: "lambda:InvokeFunction", Resource: FUNCTION } };

interface Timer {
  readonly run: () => void;
  readonly milliseconds: number;
}

describe("LocalScheduler", () => {
  let iam: LocalIam;
  let regions: Regions;
  let scheduler: LocalScheduler;
  let timers: Set<Timer>;
  let invoked: { functionArn: string; event: unknown }[];
  let logged: string[];
  let failure: Error | undefined;

  beforeEach(() => {
    timers = new Set();
    mock.method(globalThis, "setInterval", (run: () => void, milliseconds: number) => {
      const timer = { run, milliseconds };
      timers.add(timer);
      return timer;
    });
    mock.method(globalThis, "clearInterval", (timer: Timer) => timers.delete(timer));
    [invoked, logged, failure] = [[], [], undefined];
    iam = new LocalIam();
    regions = new Regions([{ name: "ireland", code: "eu-west-1" }]);
    scheduler = new LocalScheduler({
      regions,
      iam,
      speed: 2,
      log: (source, line) => logged.push(`${source}: ${line}`),
      lambda: {
        async invoke(functionArn, event) {
          invoked.push({ functionArn, event });
          if (failure) throw failure;
          return { payload: null };
        },
      },
    });
  });
  afterEach(async () => {
    await scheduler.close();
    mock.restoreAll();
  });

  const role = async (trust: object = SCHEDULER_TRUST, policy: object = INVOKE): Promise<string> => {
    const { outputs } = await createResource(iam, "aws:iam/role:Role", {
      name: "beater",
      assumeRolePolicy: trust,
    });
    await createResource(iam, "aws:iam/rolePolicy:RolePolicy", { role: "beater", policy });
    return String(outputs.arn);
  };
  const schedule = async (inputs: object = {}, target: object = {}): ReturnType<typeof createResource> =>
    createResource(scheduler, SCHEDULE, {
      scheduleExpression: "rate(1 minute)",
      flexibleTimeWindow: { mode: "OFF" },
      target: { arn: FUNCTION, roleArn: await role(), ...target },
      ...inputs,
    });
  /** Advances every schedule by one interval and waits for its invocations. */
  const interval = async (): Promise<void> => {
    for (const { run } of timers) run();
    await new Promise(setImmediate);
  };

  it("invokes the function at once and then at its rate, divided by the speed", async () => {
    const { id, outputs } = await schedule({}, { input: '{"a":1}' });
    assert.equal(id, "default/it-0123456");
    assert.equal(outputs.arn, "arn:aws:scheduler:eu-west-1:000000000000:schedule/default/it-0123456");
    assert.deepEqual(invoked, [{ functionArn: FUNCTION, event: { a: 1 } }]);
    assert.deepEqual(
      [...timers].map(({ milliseconds }) => milliseconds),
      [30_000],
    );
    await interval();
    assert.equal(invoked.length, 2);
  });

  it("invokes nothing while its region is down, or after it is closed", async () => {
    regions.setState("ireland", "down");
    await schedule();
    await interval();
    assert.equal(invoked.length, 0);
    regions.setState("ireland", "up");
    await interval();
    assert.equal(invoked.length, 1);
    await scheduler.close();
    await interval();
    assert.equal(invoked.length, 1);
  });

  it("does not start a disabled schedule", async () => {
    await schedule({ state: "DISABLED" });
    await interval();
    assert.equal(invoked.length, 0);
  });

  it("invokes no function that its role does not allow, and logs that once", async () => {
    const policy = { Statement: { ...INVOKE.Statement, Resource: `${FUNCTION}-other` } };
    const roleArn = await role(SCHEDULER_TRUST, policy);
    const target = { arn: FUNCTION, roleArn };
    const inputs = { scheduleExpression: "rate(1 minute)", flexibleTimeWindow: { mode: "OFF" }, target };
    await createResource(scheduler, SCHEDULE, inputs);
    await interval();
    assert.match(
      logged[0],
      /^ireland it-0123456: is not invoked: .*not authorized to perform: lambda:Invoke/,
    );
    assert.equal(invoked.length, 0);
    assert.equal(logged.length, 1);
  });

  it("logs once when invocations fail, and when they succeed again", async () => {
    failure = new Error("Reserved concurrency is used up.");
    await schedule();
    await interval();
    failure = undefined;
    await interval();
    assert.deepEqual(logged, [
      "ireland it-0123456: is not invoked: Reserved concurrency is used up.",
      "ireland it-0123456: is invoked again",
    ]);
  });

  it("rejects a role that the scheduler cannot assume", async () => {
    const roleArn = await role(LAMBDA_TRUST);
    const inputs = { scheduleExpression: "rate(1 minute)", flexibleTimeWindow: { mode: "OFF" } };
    await assert.rejects(
      createResource(scheduler, SCHEDULE, { ...inputs, target: { arn: FUNCTION, roleArn } }),
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
    ["a queue", {}, { arn: "arn:aws:sqs:eu-west-1:000000000000:q" }, /must be a function's ARN/],
    ["a dead-letter queue", {}, { deadLetterConfig: {} }, /target.deadLetterConfig is not supported/],
  ] as const)
    it(`rejects ${what}`, async () => {
      await assert.rejects(schedule(inputs, target), message);
    });
});
