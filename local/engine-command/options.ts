import { argumentProblem, parseOptions } from "../../command-line/arguments";
import { readCommandLine, type CommandLine } from "../options";

/** Commands of the engine that this command runs. */
const ENGINE_COMMANDS = ["preview", "up", "refresh", "destroy"] as const;

export type EngineCommand = (typeof ENGINE_COMMANDS)[number];

/** The parsed command line. */
export interface EngineCommandLine {
  readonly command: EngineCommand;
  /** Options of the local cloud; without a given domain that of the running cloud applies. */
  readonly cloud: CommandLine;
  /** Prints the differences in detail. */
  readonly diff: boolean;
  /** URNs or patterns to which the command is limited; empty for no limit. */
  readonly target: readonly string[];
  /** URNs or patterns that the command leaves out. */
  readonly exclude: readonly string[];
}

/** The text of `--help`. */
export const HELP = `Runs the real Pulumi engine, with the Pulumi CLI from PATH, against a local cloud on this machine.

  npm run local:pulumi -- COMMAND [options]

  preview                    show what an up would change
  up                         create and change what differs from the program; starts a local cloud if none is running
  refresh                    adopt into Pulumi's state what the resources are now
  destroy                    delete every resource

  --stack NAME               Pulumi stack: ireland (default) or singapore; also ORGANIZATION/NAME or ORGANIZATION/tickets/NAME
  --no-domain                run the program without a domain: no Route 53, no custom domains
  --port NUMBER              port of the console, 4700 by default; the other ports follow it; 0 takes any free ports
  --speed NUMBER             of a new local cloud: divide health-check intervals, schedules, DNS TTLs and takeoverAfterSeconds by this number, 1 to 100; 1 (default) is real time
  --diff                     show each changed value
  --target URN               change only this resource, or those of a pattern such as 'urn:pulumi:*::tickets::**::singapore-**'; may be repeated
  --exclude URN              leave out this resource, or those of a pattern such as '**::ireland-**'; may be repeated
  --json                     of a new local cloud: print one line of JSON with every address on standard output, everything else on standard error
  --no-types                 skip the type check of the program after a new local cloud has started
  --help                     show this help

The first up starts the local cloud and serves until Ctrl-C. Run further
commands in a second terminal. No command asks for confirmation. The resources
are in memory, and Pulumi's state is in a temporary folder: a new local cloud
begins without both. Pulumi Cloud is never used.`;

const OPTIONS = {
  stack: { type: "string" },
  "no-domain": { type: "boolean", default: false },
  port: { type: "string" },
  speed: { type: "string" },
  diff: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  "no-types": { type: "boolean", default: false },
  target: { type: "string", multiple: true },
  exclude: { type: "string", multiple: true },
} as const;

/** Beginning of a URN or a pattern. Another value would select nothing. */
const URN_OR_PATTERN = /^(urn:|\*\*)/;

/**
 * Parses the command line.
 * @returns undefined for `--help`.
 * @throws Error that names the wrong command or option and the allowed values.
 */
export function readEngineCommandLine(args: readonly string[]): EngineCommandLine | undefined {
  if (args.includes("--help")) return undefined;
  const [command, ...rest] = args;
  if (!isCommand(command)) {
    const what =
      command === undefined || command.startsWith("-")
        ? "No command was given"
        : `The command ${JSON.stringify(command)} does not exist`;
    throw new Error(
      `${what}; the commands are ${ENGINE_COMMANDS.join(", ")}. See npm run local:pulumi -- --help.`,
    );
  }
  const { diff, target = [], exclude = [], ...values } = parse(rest);
  expectUrns({ target, exclude });
  const options = Object.entries(values).flatMap(([name, value]) => {
    if (value === undefined || value === false) return [];
    return value === true ? [`--${name}`] : [`--${name}=${value}`];
  });
  const cloud = { ...readCommandLine(options), startCommand: "npm run local:pulumi -- up" };
  return { command, cloud, diff, target, exclude };
}

function isCommand(command: string | undefined): command is EngineCommand {
  return ENGINE_COMMANDS.includes(command as EngineCommand);
}

function expectUrns(options: Readonly<Record<string, readonly string[]>>): void {
  for (const [name, values] of Object.entries(options))
    for (const value of values)
      if (!URN_OR_PATTERN.test(value))
        throw new Error(
          `--${name} is ${JSON.stringify(value)}, but must be a URN or a pattern such as urn:pulumi:ireland::tickets::**::singapore-** ` +
            "or **::singapore-**.",
        );
}

function parse(args: readonly string[]): ReturnType<typeof parseOptions<typeof OPTIONS>> {
  try {
    return parseOptions(args, OPTIONS);
  } catch (error) {
    throw new Error(`${argumentProblem(error as Error)}. See npm run local:pulumi -- --help.`, {
      cause: error,
    });
  }
}
