import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { CommandError, reasonOf } from "../../command-line/command-error";

/** Runs the AWS CLI and returns the parsed JSON output. */
export type RunAws = (args: readonly string[]) => Promise<unknown>;

const LIMIT_MS = 60_000;

/**
 * Runs the installed AWS CLI, for rare calls to a control plane.
 * @throws CommandError with the failed call and the reason.
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
