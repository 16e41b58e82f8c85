import { arnOf, type DeclaredResource } from "../resource";

/** Validated inputs of a schedule. */
export interface ScheduleConfiguration {
  readonly name: string;
  readonly groupName: string;
  readonly arn: string;
  /** AWS code. */
  readonly region: string;
  readonly functionArn: string;
  /** Role in which the function is invoked. */
  readonly roleArn: string;
  /** Event that the function receives. */
  readonly input: unknown;
  readonly enabled: boolean;
  /** Time between two invocations at speed 1. */
  readonly intervalMs: number;
}

/** What to use instead of cron expressions and dates. */
export const USE_A_RATE = "Use a rate such as rate(1 minute), or deploy to AWS.";

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Reads the inputs of an `aws:scheduler/schedule:Schedule`.
 * Source: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
 * @throws Error that names the schedule, the input and the allowed values.
 */
export function scheduleConfiguration({
  region,
  inputs,
}: Pick<DeclaredResource, "region" | "inputs">): ScheduleConfiguration {
  const { name, groupName = "default", state = "ENABLED", target = {} } = inputs;
  const reject = (why: string): never => {
    throw new Error(`Schedule ${name}: ${why}`);
  };
  if (!/^[\w.-]{1,64}$/.test(name)) reject("name must have 1 to 64 characters: letters, digits and ._-.");
  if ((inputs.region ?? region) !== region) reject(`region must be the region of its provider, ${region}.`);
  if (inputs.flexibleTimeWindow?.mode !== "OFF") reject("flexibleTimeWindow.mode must be OFF here.");
  if (!["ENABLED", "DISABLED"].includes(state)) reject(`state must be ENABLED or DISABLED, not ${state}.`);
  if (!/^arn:aws:lambda:/.test(target.arn ?? ""))
    reject(`target.arn must be a function's ARN, not ${target.arn}.`);
  return {
    name,
    groupName,
    arn: arnOf("scheduler", region, `schedule/${groupName}/${name}`),
    region,
    functionArn: target.arn,
    roleArn: target.roleArn,
    input: parseInput(target.input ?? "{}", reject),
    enabled: state === "ENABLED",
    intervalMs: intervalOf(inputs.scheduleExpression, reject),
  };
}

function parseInput(input: string, reject: (why: string) => never): unknown {
  try {
    return JSON.parse(input);
  } catch (error) {
    return reject(`target.input must be JSON: ${(error as Error).message}.`);
  }
}

function intervalOf(expression: string, reject: (why: string) => never): number {
  const [, value, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (!unit || Number(value) < 1)
    return reject(`scheduleExpression ${expression} is not supported here. ${USE_A_RATE}`);
  return Number(value) * UNIT_MS[unit];
}
