import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { CommandError } from "../../command-line/command-error";

/** Where the Pulumi CLI runs. */
export interface PulumiPlace {
  /** Folder of `Pulumi.yaml`. */
  readonly directory: string;
  /** Variables besides those of this process, such as the URL of the backend. */
  readonly variables: Readonly<Record<string, string>>;
}

/** This project, with the backend and the credentials of the operator. */
export const PROJECT_PLACE: PulumiPlace = { directory: join(__dirname, "..", ".."), variables: {} };

const MAXIMUM_MS = 60_000;
/** The state of a large stack is several megabytes of JSON. */
const MAXIMUM_BYTES = 256 * 1024 * 1024;

/** Rejection of a failed child process. */
interface FailedProcess extends Error {
  /** Exit code, or system error code. */
  readonly code?: number | string;
  readonly killed?: boolean;
  readonly stderr?: string;
}

/**
 * Reads JSON of a stack with the Pulumi CLI.
 * @param what what is read, for messages, such as `outputs`.
 * @param args arguments of the CLI, without the stack.
 * @throws CommandError if the CLI is missing, not logged in or fails, or the stack does not exist.
 */
export async function readFromPulumi(
  stack: string,
  what: string,
  args: readonly string[],
  place: PulumiPlace = PROJECT_PLACE,
): Promise<unknown> {
  try {
    const { stdout } = await promisify(execFile)("pulumi", [...args, "--non-interactive", "--stack", stack], {
      cwd: place.directory,
      env: environmentOf(place),
      timeout: MAXIMUM_MS,
      maxBuffer: MAXIMUM_BYTES,
    });
    return JSON.parse(stdout) as unknown;
  } catch (error) {
    const { code, killed, stderr = "", message } = error as FailedProcess;
    const subject = `The Pulumi CLI returned no ${what} of the stack ${stack}`;
    if (code !== "ENOENT" && killed)
      throw new CommandError(`${subject} within ${MAXIMUM_MS / 1000} s.`, { cause: error });
    const known = knownProblem(stack, code, stderr);
    if (known !== undefined) throw new CommandError(known, { cause: error });
    const [line = message] = stderr.split("\n").filter((text) => text.startsWith("error:"));
    throw new CommandError(`${subject}: ${line.replace(/^error:\s*/, "")}`, { cause: error });
  }
}

/** Environment of the Pulumi CLI. */
export function environmentOf({ variables }: PulumiPlace): NodeJS.ProcessEnv {
  return { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true", ...variables };
}

/**
 * Explains a failure of the Pulumi CLI that the operator can fix.
 * @param code exit code, or system error code.
 * @returns undefined for any other failure.
 */
export function knownProblem(
  stack: string,
  code: number | string | null | undefined,
  errors: string,
): string | undefined {
  if (code === "ENOENT")
    return "The Pulumi CLI was not found; install it: https://www.pulumi.com/docs/install/";
  if (/no stack named/.test(errors))
    return `The stack ${JSON.stringify(stack)} does not exist; pulumi stack ls lists the existing stacks.`;
  if (/PULUMI_ACCESS_TOKEN|pulumi login|not logged in/i.test(errors))
    return "The Pulumi CLI is not logged in; run pulumi login first.";
  if (/passphrase must be set|incorrect passphrase/i.test(errors))
    return (
      `The Pulumi CLI cannot decrypt the secrets of the stack ${stack}; set PULUMI_CONFIG_PASSPHRASE or ` +
      "PULUMI_CONFIG_PASSPHRASE_FILE to the passphrase of the stack."
    );
  return undefined;
}
