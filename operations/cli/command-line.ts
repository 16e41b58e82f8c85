import type { ParseArgsConfig } from "node:util";
import { argumentProblem, parseOptions } from "../../command-line/arguments";
import { parseStackName } from "../../command-line/stack-name";
import { CommandError } from "../../command-line/command-error";
import type { DeploymentChoice } from "./deployment";

/** Default console URL of `npm start`. */
const DEFAULT_CONSOLE = "http://localhost:4700";

/** Options of every command. */
const COMMON = {
  stack: { type: "string" },
  local: { type: "string" },
  outputs: { type: "string" },
  "dry-run": { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const satisfies ParseArgsConfig["options"];

/** Values of the common options. */
export interface CommonOptions extends DeploymentChoice {
  readonly dryRun: boolean;
  readonly help: boolean;
}

/** Forms of a stack name, for help texts. */
export const STACK_FORMS = "Pulumi stack: NAME, ORGANIZATION/NAME or ORGANIZATION/tickets/NAME";

/** Help text of the options of read-only commands. */
export const READ_ONLY_HELP = `  --stack NAME        ${STACK_FORMS}; required without --local
  --outputs FILE      read the stack outputs from a file saved with pulumi stack output --json, not from the Pulumi backend
  --local[=URL]       use the local cloud with this console URL; ${DEFAULT_CONSOLE} by default`;

/** Help text of the options of commands that change something. */
export const COMMON_HELP = `${READ_ONLY_HELP}
  --dry-run           print what would change, and change nothing`;

/** Common options that a command may not have. */
interface TakenOptions {
  readonly dryRun?: boolean;
  readonly local?: boolean;
  readonly outputs?: boolean;
}

/**
 * Parses the common options and the options of the command.
 * @param taken which common options the command has; by default all.
 * @throws CommandError for an invalid option.
 */
export function readOptions<T extends NonNullable<ParseArgsConfig["options"]>>(
  command: string,
  args: readonly string[],
  own: T,
  { dryRun: hasDryRun = true, local: hasLocal = true, outputs: hasOutputs = true }: TakenOptions = {},
): { readonly common: CommonOptions; readonly values: Readonly<Record<keyof T, unknown>> } {
  const { "dry-run": dryRunOption, local: localOption, outputs: outputsOption, ...always } = COMMON;
  const options = {
    ...own,
    ...always,
    ...(hasLocal && { local: localOption }),
    ...(hasOutputs && { outputs: outputsOption }),
    ...(hasDryRun && { "dry-run": dryRunOption }),
  };
  const withUrl = args.map((arg) => (arg === "--local" ? `--local=${DEFAULT_CONSOLE}` : arg));
  try {
    const values = parseOptions(withUrl, options);
    const {
      stack,
      local,
      outputs,
      help,
      "dry-run": dryRun = false,
    } = values as Record<string, string | boolean | undefined>;
    if (local !== undefined && !/^https?:\/\/[^/]/.test(local as string))
      throw new CommandError(
        `--local is ${JSON.stringify(local)}, but must be a URL such as ${DEFAULT_CONSOLE}.`,
      );
    if (stack !== undefined) parseStackName(stack as string);
    if (local !== undefined && outputs !== undefined)
      throw new CommandError(
        "--local and --outputs exclude each other: --local is for the local cloud, --outputs for a stack on AWS.",
      );
    const common = { stack, local, outputs, dryRun, help } as CommonOptions;
    return { common, values: values as unknown as Record<keyof T, unknown> };
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const message = argumentProblem(error as Error);
    if (/^Unexpected argument 'https?:/.test(message))
      throw new CommandError(
        `${message}; give the URL of the local cloud after an equals sign: --local=URL.`,
      );
    throw new CommandError(`${message}; see npm run ${command} -- --help.`, { cause: error });
  }
}

/**
 * Adds the options that select the deployment to every `npm run` command in a text, quoted for a POSIX shell, so that the
 * operator can copy the command.
 */
export function withDeploymentOptions(text: string, { stack, local, outputs }: DeploymentChoice): string {
  const given = [
    ...(stack === undefined ? [] : [`--stack ${shellWord(stack)}`]),
    ...(outputs === undefined ? [] : [`--outputs ${shellWord(outputs)}`]),
    ...(local === undefined ? [] : [local === DEFAULT_CONSOLE ? "--local" : shellWord(`--local=${local}`)]),
  ].join(" ");
  return text.replace(/npm run (\w+)(?: --(?= ))?/g, (_, command) => `npm run ${command} -- ${given}`);
}

/** Quotes a text as one word of a POSIX shell, if necessary. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * Parses a number with optional decimals; returns undefined for a missing option.
 * @throws CommandError if it is not a number or out of range.
 */
export function decimalNumber(
  name: string,
  text: unknown,
  minimum: number,
  maximum: number,
): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+(\.\d+)?$/.test(String(text)) ? Number(text) : NaN;
  if (value >= minimum && value <= maximum) return value;
  throw new CommandError(
    `${name} is ${JSON.stringify(text)}, but must be a number from ${minimum} to ${maximum}.`,
  );
}

/**
 * Parses a whole number; returns undefined for a missing option.
 * @throws CommandError if it is not a whole number or out of range.
 */
export function wholeNumber(
  name: string,
  text: unknown,
  minimum: number,
  maximum: number,
): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(String(text)) ? Number(text) : NaN;
  if (value >= minimum && value <= maximum) return value;
  throw new CommandError(
    `${name} is ${JSON.stringify(text)}, but must be a whole number from ${minimum} to ${maximum}.`,
  );
}
