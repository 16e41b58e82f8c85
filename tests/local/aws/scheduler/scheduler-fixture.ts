import { mock } from "node:test";
import { LocalIam } from "../../../../local/aws/iam/iam";
import { Regions } from "../../../../local/aws/regions";
import type { ExistingResource } from "../../../../local/aws/resource";
import { LocalScheduler } from "../../../../local/aws/scheduler/scheduler";
import { createResource } from "../../support/create-resource";

export const SCHEDULE = "aws:scheduler/schedule:Schedule";
export const FUNCTION = "arn:aws:lambda:eu-west-1:000000000000:function:heartbeat";
export const SCHEDULER_TRUST = {
  Statement: {
    Effect: "Allow",
    Principal: { Service: "scheduler.amazonaws.com" },
    Action: "sts:AssumeRole",
    Condition: { StringEquals: { "aws:SourceAccount": "000000000000" } },
  },
};
export const INVOKE = {
  Statement: { Effect: "Allow", Action: "lambda:InvokeFunction", Resource: FUNCTION },
};

interface Timer {
  readonly run: () => void;
  readonly milliseconds: number;
}

/** Scheduler at speed 2 with intervals that the test advances and a function that records its events. */
export class SchedulerFixture {
  readonly timers = new Set<Timer>();
  readonly invoked: { functionArn: string; event: unknown }[] = [];
  readonly logged: string[] = [];
  readonly iam = new LocalIam();
  readonly regions = new Regions([
    { name: "ireland", code: "eu-west-1" },
    { name: "singapore", code: "ap-southeast-1" },
  ]);
  readonly scheduler: LocalScheduler;
  /** Error of every invocation, if any. */
  failure: Error | undefined;
  /** End of every invocation. */
  ended: Promise<void> = Promise.resolve();
  /** Time on the scheduler's clock, in milliseconds. */
  now = 0;

  constructor() {
    mock.method(globalThis, "setInterval", (run: () => void, milliseconds: number) => {
      const timer = { run, milliseconds };
      this.timers.add(timer);
      return timer;
    });
    mock.method(performance, "now", () => this.now);
    mock.method(globalThis, "clearInterval", (timer: Timer) => this.timers.delete(timer));
    this.scheduler = new LocalScheduler({
      regions: this.regions,
      iam: this.iam,
      speed: 2,
      log: (source, line) => this.logged.push(`${source}: ${line}`),
      lambda: {
        invoke: async (functionArn, event) => {
          this.invoked.push({ functionArn, event });
          await this.ended;
          if (this.failure) throw this.failure;
          return { payload: null };
        },
      },
    });
  }

  async close(): Promise<void> {
    await this.scheduler.close();
    mock.restoreAll();
  }

  /** Creates the role `beater` with one policy and returns its ARN. */
  async role(trust: object = SCHEDULER_TRUST, policy: object = INVOKE): Promise<string> {
    const { outputs } = await createResource(this.iam, "aws:iam/role:Role", {
      name: "beater",
      assumeRolePolicy: trust,
    });
    await createResource(this.iam, "aws:iam/rolePolicy:RolePolicy", { role: "beater", policy });
    return String(outputs.arn);
  }

  async schedule(inputs: object = {}, target: object = {}): Promise<ExistingResource> {
    return createResource(this.scheduler, SCHEDULE, {
      scheduleExpression: "rate(1 minute)",
      flexibleTimeWindow: { mode: "OFF" },
      target: { arn: FUNCTION, roleArn: await this.role(), ...target },
      ...inputs,
    });
  }

  /** Advances every schedule by one interval and waits for its invocations. */
  async interval(): Promise<void> {
    for (const { run } of this.timers) run();
    await new Promise(setImmediate);
  }

  intervals(): number[] {
    return [...this.timers].map(({ milliseconds }) => milliseconds);
  }
}
