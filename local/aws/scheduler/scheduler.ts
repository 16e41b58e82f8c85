import type { LocalIam } from "../iam/iam";
import type { LocalLambda } from "../lambda/lambda";
import type { Log } from "../log";
import type { Regions } from "../regions";
import { ACCOUNT, arnOf, type DeclaredResource, type LocalService, type ResourceHandler } from "../resource";
import { scheduleConfiguration, type ScheduleConfiguration, USE_A_RATE } from "./schedule-configuration";

/** Dependencies and settings of {@link LocalScheduler}. */
export interface SchedulerOptions {
  readonly regions: Regions;
  readonly iam: Pick<LocalIam, "mayAssume" | "authorize">;
  readonly lambda: Pick<LocalLambda, "invoke">;
  /** Divides every interval, but an invocation that runs has at least ten seconds. */
  readonly speed: number;
  readonly log: Log;
}

interface Schedule {
  configuration: ScheduleConfiguration;
  inputs: DeclaredResource["inputs"];
  /** Undefined while the schedule is disabled. */
  timer?: NodeJS.Timeout;
  /** Reason of the last failed invocation; undefined after a success. */
  problem?: string;
  /** Time at which the latest invocation began, from `performance.now()`; undefined after its end. */
  began?: number;
}

/**
 * Time that a running invocation has before the next one starts, in milliseconds. On AWS the shortest interval is a minute, which the speed
 * divides; it does not divide the time limits of a function. Otherwise each invocation of the sentinel would replace the one before it
 * while that still waits two seconds for the health of a slow region, and no failed probe would ever count.
 */
const UNDISTURBED_MS = 10_000;

const SERVICE = "scheduler.amazonaws.com";

/** In terraform-provider-aws at 02f524b. */
const SOURCE = "internal/service/scheduler/schedule.go";

/** Emulation of EventBridge Scheduler. Invokes functions at a fixed rate under each schedule's role while its region is up. */
export class LocalScheduler implements LocalService {
  readonly resourceHandlers: LocalService["resourceHandlers"] = {
    "aws:scheduler/schedule:Schedule": this.scheduleHandler(),
  };

  /** By ARN. */
  private readonly schedules = new Map<string, Schedule>();

  constructor(private readonly options: SchedulerOptions) {}

  async close(): Promise<void> {
    this.schedules.forEach((schedule) => clearInterval(schedule.timer));
    this.schedules.clear();
  }

  private scheduleHandler(): ResourceHandler {
    return {
      updatable: [
        "description",
        "flexibleTimeWindow",
        "scheduleExpression",
        "scheduleExpressionTimezone",
        "state",
        "target.arn",
        "target.input",
        // A failed invocation is not retried here, so the retry policy has no effect.
        "target.retryPolicy",
        "target.roleArn",
      ],
      replacing: {
        groupName: `${SOURCE}:99`,
        name: `${SOURCE}:113`,
        region: "internal/provider/sdkv2/region.go: forceNewIfRegionChanges",
      },
      remedies: { startDate: USE_A_RATE, endDate: USE_A_RATE },
      autoName: { input: "name", maxLength: 64 },

      create: async (resource) => {
        const configuration = this.checkedConfiguration(resource);
        const { name, groupName, arn } = configuration;
        if (this.schedules.has(arn))
          throw new Error(`ConflictException: Schedule ${name} already exists in the group ${groupName}.`);
        const schedule = { configuration, inputs: resource.inputs };
        this.schedules.set(arn, schedule);
        this.start(schedule);
        return { id: `${groupName}/${name}`, outputs: outputsOf(configuration) };
      },

      read: async ({ id, region }) => {
        const schedule = this.schedules.get(arnOf("scheduler", region, `schedule/${id}`));
        return schedule && { id, inputs: schedule.inputs, outputs: outputsOf(schedule.configuration) };
      },

      update: async ({ id, region }, inputs) => {
        const configuration = this.checkedConfiguration({ region, inputs });
        const schedule = this.schedules.get(configuration.arn);
        if (!schedule) throw new Error(`ResourceNotFoundException: Schedule ${id} does not exist.`);
        const { enabled, intervalMs } = schedule.configuration;
        Object.assign(schedule, { configuration, inputs });
        if (configuration.enabled !== enabled || configuration.intervalMs !== intervalMs)
          this.start(schedule);
        return outputsOf(configuration);
      },

      delete: async ({ id, region }) => {
        const arn = arnOf("scheduler", region, `schedule/${id}`);
        clearInterval(this.schedules.get(arn)?.timer);
        this.schedules.delete(arn);
      },
    };
  }

  /** @throws Error that names the schedule and the input; also if the scheduler cannot assume the role, as on AWS. */
  private checkedConfiguration(resource: Pick<DeclaredResource, "region" | "inputs">): ScheduleConfiguration {
    const configuration = scheduleConfiguration(resource);
    if (!this.mayAssumeRole(configuration))
      throw new Error(`Schedule ${configuration.name}: ${notAssumable(configuration)}`);
    return configuration;
  }

  private mayAssumeRole({ roleArn, region, groupName }: ScheduleConfiguration): boolean {
    return this.options.iam.mayAssume(roleArn, SERVICE, {
      "aws:SourceAccount": ACCOUNT,
      "aws:SourceArn": arnOf("scheduler", region, `schedule-group/${groupName}`),
    });
  }

  /**
   * Starts a schedule, or restarts it with another rate or state. A rate without a start date begins at once.
   * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#rate-based
   */
  private start(schedule: Schedule): void {
    clearInterval(schedule.timer);
    schedule.timer = undefined;
    const { enabled, intervalMs } = schedule.configuration;
    if (!enabled) return;
    schedule.began = undefined;
    void this.invoke(schedule);
    schedule.timer = setInterval(() => void this.invoke(schedule), intervalMs / this.options.speed);
  }

  private async invoke(schedule: Schedule): Promise<void> {
    const { regions, iam, lambda } = this.options;
    const { arn, region, functionArn, roleArn, input } = schedule.configuration;
    const isDown = (): boolean => regions.byCode(region).state === "down";
    if (isDown()) return;
    const now = performance.now();
    if (schedule.began !== undefined && now - schedule.began < UNDISTURBED_MS) return;
    schedule.began = now;
    try {
      if (!this.mayAssumeRole(schedule.configuration)) throw new Error(notAssumable(schedule.configuration));
      const decision = iam.authorize(roleArn, "lambda:InvokeFunction", functionArn);
      if (!decision.allowed) throw new Error(decision.reason);
      // An error that the function returns is in its own log.
      await lambda.invoke(functionArn, input);
      this.reportChange(schedule, undefined);
    } catch (error) {
      const isGone = this.schedules.get(arn) !== schedule;
      if (!isDown() && !isGone) this.reportChange(schedule, (error as Error).message);
    } finally {
      if (schedule.began === now) schedule.began = undefined;
    }
  }

  /** Logs a problem when it begins and when it ends, not for every invocation. */
  private reportChange(schedule: Schedule, problem: string | undefined): void {
    if (schedule.problem === problem) return;
    schedule.problem = problem;
    const { name, region } = schedule.configuration;
    const source = `${this.options.regions.byCode(region).name} ${name}`;
    this.options.log(source, problem ? `is not invoked: ${problem}` : "is invoked again");
  }
}

function notAssumable({ roleArn }: ScheduleConfiguration): string {
  return `the role ${roleArn} must allow sts:AssumeRole to ${SERVICE}.`;
}

function outputsOf({ name, arn, groupName, enabled }: ScheduleConfiguration): Record<string, unknown> {
  return { name, arn, groupName, state: enabled ? "ENABLED" : "DISABLED" };
}
