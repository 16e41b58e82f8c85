import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { access, constants } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { makeDirectory } from "../shared/make-directory";
import { uiProblem, viteProgram } from "../ui/sources";

/**
 * Makes sure that the built UI, which the program uploads, matches its sources: builds it if it is missing or stale.
 * @param progress is told that it is being built.
 * @param signal ends a build that is running.
 * @throws Error with the command to run, when it cannot be built here, or with what the build reported.
 */
export async function provideUi(
  projectDirectory: string,
  progress: (step: string) => void = () => undefined,
  signal?: AbortSignal,
): Promise<void> {
  const folder = join(projectDirectory, "ui");
  const problem = uiProblem(join(folder, "dist"));
  if (problem === undefined) return;
  const vite = viteProgram();
  if (vite === undefined || !existsSync(join(folder, "src"))) throw new Error(problem);
  progress("Building the web UI, because its sources have changed …");
  try {
    await promisify(execFile)(process.execPath, [vite, "build", folder, "--logLevel", "warn"], { signal });
  } catch (error) {
    signal?.throwIfAborted();
    const { message, stderr } = error as Error & { stderr?: string };
    throw new Error(`The web UI could not be built: ${stderr?.trim() || message}`, { cause: error });
  }
}

/**
 * Makes the folder for `--data` unless it exists.
 * @throws Error when it cannot be made or written to.
 */
export async function makeDataDirectory(directory: string): Promise<void> {
  try {
    makeDirectory(directory, { mode: 0o700 });
    await access(directory, constants.R_OK | constants.W_OK);
  } catch (error) {
    throw new Error(
      `--data is ${JSON.stringify(directory)}, which cannot be used: ${(error as Error).message}`,
      { cause: error },
    );
  }
}
