import { parseArgs, type ParseArgsConfig } from "node:util";
import { CannotRun } from "./cannot-run";
import type { DeploymentChoice } from "./deployment";

/** Where `npm start` opens its console. */
export const DEFAULT_CONSOLE = "http://localhost:4700";

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

/** The lines of `--help` about the options that every command has. */
export const COMMON_HELP = `  --stack NAME        the Pulumi stack; needed except with --local
  --outputs FILE      the stack's outputs, saved with pulumi stack output --json; then no Pulumi backend is asked
  --local[=URL]       work on the local cloud, found by its console's URL, ${DEFAULT_CONSOLE} by default
  --dry-run           only say what would be done`;

/**
 * Reads a command line: the common options, and those of the command, which all take a value or none.
 * @throws CannotRun that names what is wrong.
 */
export function readOptions<T extends NonNullable<ParseArgsConfig["options"]>>(
  command: string,
  args: readonly string[],
  own: T,
): { readonly common: CommonOptions; readonly values: Readonly<Record<keyof T, unknown>> } {
  const withUrl = args.map((arg) => (arg === "--local" ? `--local=${DEFAULT_CONSOLE}` : arg));
  try {
    const { values } = parseArgs({
      args: withUrl,
      options: { ...own, ...COMMON },
      strict: true,
      allowPositionals: false,
    });
    const {
      stack,
      local,
      outputs,
      help,
      "dry-run": dryRun,
    } = values as Record<string, string | boolean | undefined>;
    if (local !== undefined && !URL.canParse(local as string))
      throw new CannotRun(
        `--local is ${JSON.stringify(local)}, but must be a URL such as ${DEFAULT_CONSOLE}.`,
      );
    const common = { stack, local, outputs, dryRun, help } as CommonOptions;
    return { common, values: values as unknown as Record<keyof T, unknown> };
  } catch (error) {
    if (error instanceof CannotRun) throw error;
    const message = (error as Error).message.replace(/\. To specify.*$/s, "").replace(/\.$/, "");
    throw new CannotRun(`${message}; see npm run ${command} -- --help.`, { cause: error });
  }
}

/**
 * A number, with or without decimals, from an option's text; undefined without one.
 * @throws CannotRun when it is none, or out of range.
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
  throw new CannotRun(
    `${name} is ${JSON.stringify(text)}, but must be a number from ${minimum} to ${maximum}.`,
  );
}

/**
 * A whole number from an option's text; undefined without one.
 * @throws CannotRun when it is none, or out of range.
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
  throw new CannotRun(
    `${name} is ${JSON.stringify(text)}, but must be a whole number from ${minimum} to ${maximum}.`,
  );
}
