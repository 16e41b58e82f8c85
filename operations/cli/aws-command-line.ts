import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { CommandError, reasonOf } from "../../command-line/command-error";

/** Runs the `aws` command line and gives the JSON that it prints. */
export type RunAws = (args: readonly string[]) => Promise<unknown>;

const LIMIT_MS = 60_000;

/**
 * Runs the `aws` command line of this machine, for what needs a control plane, now and then.
 * @throws CommandError that says which call failed and why.
 */
export const awsCommandLine: RunAws = async (args) => {
  try {
    const { stdout } = await promisify(execFile)("aws", [...args, "--output", "json"], { timeout: LIMIT_MS });
    return JSON.parse(stdout);
  } catch (error) {
    throw new CommandError(`The command aws ${args.slice(0, 2).join(" ")} failed: ${reasonOf(error)}`, {
      cause: error,
    });
  }
};
