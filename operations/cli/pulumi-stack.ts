import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { parseStackName } from "../../command-line/stack-name";
import { CommandError, reasonOf } from "../../command-line/command-error";
import type { FoundRegions, Naming } from "./deployed-regions";

const PROJECT_DIRECTORY = join(__dirname, "..", "..");
const MAXIMUM_MS = 60_000;

/** Rejection of a failed child process. */
interface FailedProcess extends Error {
  /** Exit code, or system error code. */
  readonly code?: number | string;
  readonly killed?: boolean;
  readonly stderr?: string;
}

/**
 * Reads the regions from the stack outputs with the Pulumi CLI.
 * https://www.pulumi.com/docs/iac/cli/commands/pulumi_stack_output/
 * @throws CommandError if the CLI is missing, not logged in or fails, or the stack does not exist.
 */
export async function stackRegions(stack: string): Promise<FoundRegions> {
  const fix = `update it first: pulumi up --stack ${stack}`;
  return regionsInOutputs(await stackOutputs(stack), stack, fix);
}

/**
 * Reads the regions from a file with saved stack outputs, for when the Pulumi backend is unavailable.
 * @throws CommandError if the file cannot be read or is not JSON.
 */
export async function savedOutputs(file: string, stack: string): Promise<FoundRegions> {
  const fix = `save them again: pulumi stack output --json --stack ${stack} > ${file}`;
  try {
    return regionsInOutputs(JSON.parse(await readFile(file, "utf8")), stack, fix);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`The outputs in ${file} cannot be read (${reasonOf(error)}); ${fix}.`, {
      cause: error,
    });
  }
}

/** @throws CommandError if the outputs belong to another stack. */
function regionsInOutputs(outputs: unknown, given: string, fix: string): FoundRegions {
  const { stack } = parseStackName(given);
  const {
    stack: own,
    regions,
    primary,
    failback,
    healthChecks,
    failoverUrl,
  } = (outputs ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof own === "string" && own !== stack)
    throw new CommandError(`These are the outputs of the stack ${own}, not of ${given}; ${fix}.`);
  const naming: Naming = {
    ...(typeof primary === "string" && { primary }),
    ...((failback === "gated" || failback === "automatic") && { failback }),
    ...(typeof healthChecks === "object" &&
      healthChecks !== null && { healthChecks: healthChecks as Record<string, string> }),
    // The host name is `api.<domain>`.
    ...(typeof failoverUrl === "string" && { domain: new URL(failoverUrl).hostname.replace(/^api\./, "") }),
  };
  return { stack, ...(given !== stack && { givenStack: given }), regions, naming, fix };
}

async function stackOutputs(stack: string): Promise<Record<string, unknown>> {
  const args = ["stack", "output", "--json", "--non-interactive", "--stack", stack];
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  try {
    const options = { cwd: PROJECT_DIRECTORY, env, timeout: MAXIMUM_MS };
    const { stdout } = await promisify(execFile)("pulumi", args, options);
    return JSON.parse(stdout) as Record<string, unknown>;
  } catch (error) {
    throw new CommandError(explain(stack, error as FailedProcess), { cause: error });
  }
}

function explain(stack: string, { code, killed, stderr = "", message }: FailedProcess): string {
  if (code === "ENOENT")
    return "The Pulumi CLI was not found; install it (https://www.pulumi.com/docs/install/), or use --local for the local cloud.";
  if (killed)
    return `The Pulumi CLI returned no outputs of the stack ${stack} within ${MAXIMUM_MS / 1000} s.`;
  if (/no stack named/.test(stderr))
    return `The stack ${JSON.stringify(stack)} does not exist; pulumi stack ls lists the existing stacks.`;
  if (/PULUMI_ACCESS_TOKEN|pulumi login|not logged in/i.test(stderr))
    return "The Pulumi CLI is not logged in; run pulumi login first.";
  const [line = message] = stderr.split("\n").filter((text) => text.startsWith("error:"));
  return `The Pulumi CLI returned no outputs of the stack ${stack}: ${line.replace(/^error:\s*/, "")}`;
}
