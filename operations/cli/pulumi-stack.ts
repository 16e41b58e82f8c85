import { readFile } from "node:fs/promises";
import { parseStackName } from "../../command-line/stack-name";
import { CommandError, reasonOf } from "../../command-line/command-error";
import type { FoundRegions, Naming } from "./deployed-regions";
import { readFromPulumi } from "./pulumi-command-line";

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
    appUrl,
  } = (outputs ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof own === "string" && own !== stack)
    throw new CommandError(`These are the outputs of the stack ${own}, not of ${given}; ${fix}.`);
  const naming: Naming = {
    ...(typeof primary === "string" && { primary }),
    ...((failback === "gated" || failback === "automatic") && { failback }),
    ...(typeof healthChecks === "object" &&
      healthChecks !== null && { healthChecks: healthChecks as Record<string, string> }),
    ...(typeof appUrl === "string" && { appUrl }),
    // The host name is `api.<domain>`.
    ...(typeof failoverUrl === "string" && { domain: new URL(failoverUrl).hostname.replace(/^api\./, "") }),
  };
  return { stack, ...(given !== stack && { givenStack: given }), regions, naming, fix };
}

/**
 * Returns the outputs of a stack; none before its first update.
 * @throws CommandError if the CLI is missing, not logged in or fails, or the stack does not exist.
 */
export async function stackOutputs(stack: string): Promise<Readonly<Record<string, unknown>>> {
  const outputs = await readFromPulumi(stack, "outputs", ["stack", "output", "--json"]);
  return (outputs ?? {}) as Readonly<Record<string, unknown>>;
}
