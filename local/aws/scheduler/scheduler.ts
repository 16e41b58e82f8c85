import { expectInputs } from "../inputs";
import type { LocalIam } from "../iam/iam";
import type { LocalLambda } from "../lambda/lambda";
import type { Log } from "../log";
import type { Regions } from "../regions";
import {
  ACCOUNT,
  arnOf,
  type DeclaredResource,
  type LocalService,
  type CreatedResource,
  createOnly,
} from "../resource";

/** Dependencies and settings of {@link LocalScheduler}. */
export interface SchedulerOptions {
  readonly regions: Regions;
  readonly iam: Pick<LocalIam, "mayAssume" | "authorize">;
  readonly lambda: Pick<LocalLambda, "invoke">;
  /** Divides every interval. */
  readonly speed: number;
  readonly log: Log;
}

interface Schedule {
  readonly name: string;
  /** AWS code. */
  readonly region: string;
  readonly functionArn: string;
  readonly roleArn: string;
  /** Event that the function receives. */
  readonly input: unknown;
  /** Reason of the last failed invocation; undefined after a success. */
  problem?: string;
}

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Accepted inputs of a target. A failed invocation is not retried here, so the retry policy has no effect. */
const TARGET_INPUTS = ["arn", "roleArn", "input", "retryPolicy"];

const USE_A_RATE = "Use a rate such as rate(1 minute), or deploy to AWS.";

/** Emulation of EventBridge Scheduler. Invokes functions at a fixed rate under each schedule's role while its region is up. */
export class LocalScheduler implements LocalService {
  readonly resourceHandlers: LocalService["resourceHandlers"] = createOnly({
    "aws:scheduler/schedule:Schedule": (resource) => this.createSchedule(resource),
  });

  private readonly timers: NodeJS.Timeout[] = [];

  constructor(private readonly options: SchedulerOptions) {}

  async close(): Promise<void> {
    for (const timer of this.timers.splice(0)) clearInterval(timer);
  }

  private async createSchedule(resource: DeclaredResource): Promise<CreatedResource> {
    const harmless = ["description", "scheduleExpressionTimezone", "region"];
    expectInputs(
      resource,
      ["name", "groupName", "scheduleExpression", "flexibleTimeWindow", "state", "target", ...harmless],
      { startDate: USE_A_RATE, endDate: USE_A_RATE },
    );
    const { inputs, region } = resource;
    const name: string = inputs.name ?? resource.physicalName;
    const groupName: string = inputs.groupName ?? "default";
    const arn = arnOf("scheduler", region, `schedule/${groupName}/${name}`);
    const interval = intervalOf(name, inputs.scheduleExpression) / this.options.speed;
    const schedule = this.scheduleOf(name, resource);
    if ((inputs.state ?? "ENABLED") === "ENABLED") this.start(schedule, interval);
    return {
      id: `${groupName}/${name}`,
      outputs: { name, arn, groupName, state: inputs.state ?? "ENABLED" },
    };
  }

  private scheduleOf(name: string, { inputs, region }: DeclaredResource): Schedule {
    const { target, flexibleTimeWindow } = inputs;
    const reject = (why: string): never => {
      throw new Error(`Schedule ${name}: ${why}`);
    };
    if (flexibleTimeWindow?.mode !== "OFF") reject("flexibleTimeWindow.mode must be OFF here.");
    const { arn, roleArn, input } = target ?? {};
    const other = Object.keys(target ?? {}).find((key) => !TARGET_INPUTS.includes(key));
    if (other) reject(`target.${other} is not supported here.`);
    if (!/^arn:aws:lambda:/.test(arn ?? "")) reject(`target.arn must be a function's ARN, not ${arn}.`);
    const trusted = this.options.iam.mayAssume(roleArn, "scheduler.amazonaws.com", {
      "aws:SourceAccount": ACCOUNT,
      "aws:SourceArn": arnOf("scheduler", region, `schedule-group/${inputs.groupName ?? "default"}`),
    });
    if (!trusted) reject(`the role ${roleArn} must allow sts:AssumeRole to scheduler.amazonaws.com.`);
    return { name, region, functionArn: arn, roleArn, input: input === undefined ? {} : JSON.parse(input) };
  }

  /**
   * Starts a schedule. A rate without a start date begins at once.
   * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#rate-based
   */
  private start(schedule: Schedule, intervalMs: number): void {
    void this.invoke(schedule);
    this.timers.push(setInterval(() => void this.invoke(schedule), intervalMs));
  }

  private async invoke(schedule: Schedule): Promise<void> {
    const { regions, iam, lambda } = this.options;
    const { region, functionArn, roleArn, input } = schedule;
    const isDown = (): boolean => regions.byCode(region).state === "down";
    if (isDown()) return;
    try {
      const decision = iam.authorize(roleArn, "lambda:InvokeFunction", functionArn);
      if (!decision.allowed) throw new Error(decision.reason);
      // An error that the function returns is in its own log.
      await lambda.invoke(functionArn, input);
      this.reportChange(schedule, undefined);
    } catch (error) {
      if (!isDown() && this.timers.length > 0) this.reportChange(schedule, (error as Error).message);
    }
  }

  /** Logs a problem when it begins and when it ends, not for every invocation. */
  private reportChange(schedule: Schedule, problem: string | undefined): void {
    if (schedule.problem === problem) return;
    schedule.problem = problem;
    const { name } = this.options.regions.byCode(schedule.region);
    this.options.log(`${name} ${schedule.name}`, problem ? `is not invoked: ${problem}` : "is invoked again");
  }
}

function intervalOf(name: string, expression: string): number {
  const [, value, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (!unit || Number(value) < 1)
    throw new Error(`Schedule ${name}: ${expression} is not supported here. ${USE_A_RATE}`);
  return Number(value) * UNIT_MS[unit];
}
