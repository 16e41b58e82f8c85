import type { ParseArgsConfig } from "node:util";
import { argumentProblem, parseOptions } from "../../command-line/arguments";
import { parseStackName } from "../../command-line/stack-name";
import { CommandError } from "../../command-line/command-error";
import type { DeploymentChoice } from "./deployment";

/** Where `npm start` opens its console. */
const DEFAULT_CONSOLE = "http://localhost:4700";

/** The options that every command has, and what their values are. */
const COMMON = {
  stack: { type: "string" },
  local: { type: "string" },
  outputs: { type: "string" },
  "dry-run": { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const satisfies ParseArgsConfig["options"];

/** What every command's line says. */
export interface CommonOptions extends DeploymentChoice {
  readonly dryRun: boolean;
  readonly help: boolean;
}

/** The lines of `--help` about the options that every command which only reads has. */
export const READ_ONLY_HELP = `  --stack NAME        Pulumi stack: NAME, ORGANIZATION/NAME or ORGANIZATION/tickets/NAME; required without --local
  --outputs FILE      read the stack outputs from a file saved with pulumi stack output --json, not from the Pulumi backend
  --local[=URL]       use the local cloud with this console URL; ${DEFAULT_CONSOLE} by default`;

/** The lines of `--help` about the options that every command which changes something has. */
export const COMMON_HELP = `${READ_ONLY_HELP}
  --dry-run           print what would change, and change nothing`;

/**
 * Reads a command line: the common options, and those of the command, which all take a value or none.
 * @param dryRun whether the command has `--dry-run`; it is unknown otherwise.
 * @throws CommandError that names what is wrong.
 */
export function readOptions<T extends NonNullable<ParseArgsConfig["options"]>>(
  command: string,
  args: readonly string[],
  own: T,
  { dryRun: hasDryRun = true }: { readonly dryRun?: boolean } = {},
): { readonly common: CommonOptions; readonly values: Readonly<Record<keyof T, unknown>> } {
  const { "dry-run": dryRunOption, ...always } = COMMON;
  const options = { ...own, ...always, ...(hasDryRun && { "dry-run": dryRunOption }) };
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
 * Completes every other command that a text names with the options that choose the system, quoted for a POSIX shell, so that
 * the command can be copied.
 */
export function withDeploymentOptions(text: string, { stack, local, outputs }: DeploymentChoice): string {
  const given = [
    ...(stack === undefined ? [] : [`--stack ${shellWord(stack)}`]),
    ...(outputs === undefined ? [] : [`--outputs ${shellWord(outputs)}`]),
    ...(local === undefined ? [] : [local === DEFAULT_CONSOLE ? "--local" : shellWord(`--local=${local}`)]),
  ].join(" ");
  return text.replace(/npm run (\w+)(?: --(?= ))?/g, (_, command) => `npm run ${command} -- ${given}`);
}

/** A text as one word of a POSIX shell: unchanged when no shell would act on it, in single quotes otherwise. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * A number, with or without decimals, from an option's text; undefined without one.
 * @throws CommandError when it is none, or out of range.
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
 * A whole number from an option's text; undefined without one.
 * @throws CommandError when it is none, or out of range.
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
