import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { access, constants } from "node:fs/promises";
import { join } from "node:path";
import { promisify, stripVTControlCharacters } from "node:util";
import { makeDirectory } from "../shared/make-directory";
import { uiProblem, viteProgram } from "../ui/sources";

/**
 * Builds the web UI, which the program uploads, if the build is missing or older than its sources.
 * @param progress receives a line when a build starts.
 * @param signal aborts a running build.
 * @throws Error with the command to run when the web UI cannot be built here, or with the output of a failed build.
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
    throw new Error(`The web UI could not be built: ${withoutStack(stderr) || message}`, { cause: error });
  }
}

/** Removes the colors of Vite's output, and its stack trace, which names no file of the web UI. */
function withoutStack(output = ""): string {
  return stripVTControlCharacters(output)
    .split(/\n\s+at /, 1)[0]
    .trim();
}

/**
 * Expects a configuration that the options do not contradict. The program would suggest to remove a domain that no file contains.
 * @param config configuration of the stack, with the options of the command line.
 * @throws Error with the option to use when the file of the stack selects public websites, and the options a domain.
 */
export function expectNoDomainWithWebsites(
  { stack, domain }: { readonly stack: string; readonly domain: string | undefined },
  config: Readonly<Record<string, string>>,
): void {
  if (domain === undefined || config["tickets:publicWebsite"] !== "true") return;
  throw new Error(
    `tickets:publicWebsite is true in Pulumi.${stack}.yaml, which is only possible without a domain, but the local cloud has the domain ` +
      `${domain}. Start it with --no-domain.`,
  );
}

/**
 * Creates the folder of `--data` unless it exists.
 * @throws Error when it cannot be created, read or written to.
 */
export async function createDataDirectory(directory: string): Promise<void> {
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
