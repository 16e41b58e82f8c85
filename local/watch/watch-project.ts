import { join } from "node:path";
import { version } from "typescript";
import { type Cleanup, temporaryDirectory } from "../cleanup";
import type { CloudHost } from "../cloud-host";
import type { ConsoleProblem } from "../console/state";
import type { MockedStack } from "../mocked-stack";
import { PROJECT_DIRECTORY } from "../services";
import { DevelopmentLoop } from "./development-loop";
import { UiDevServer } from "./ui-dev-server";
import { WatchedFiles } from "./watched-files";

/**
 * Deploys a stack, then applies every saved change of its program, its configuration and the web UI until the local cloud is closed.
 * @param deploy deploys the stack for the first time.
 * @throws the error of `deploy`, or Error with the reason why Vite does not start.
 */
export async function watchProject<T>(
  host: CloudHost,
  stack: MockedStack,
  deploy: () => Promise<T>,
): Promise<T> {
  const { cleanup, live, problems, progress } = host;
  const closing = new AbortController();
  const cacheFolder = await temporaryDirectory(cleanup);
  const uiServer = UiDevServer.start(join(PROJECT_DIRECTORY, "ui"), cacheFolder);
  // Until the deployment has ended, nothing handles its error.
  uiServer.catch(() => undefined);
  cleanup.add(async () => (await uiServer.catch(() => undefined))?.close());
  const result = await deploy();
  const ui = await uiServer;
  live.frontend = ui;
  live.functionsMustStart = true;
  const showError = (problem: ConsoleProblem | undefined): void =>
    ui.showError(problem && `${problem.title}: ${problem.detail}`);
  if (problems.current) showError(problems.current);
  problems.onChange = showError;
  // Loads TypeScript, which is deferred until it is used, so that the first saved file does not wait for it.
  void version;

  const loop = await DevelopmentLoop.start({
    project: PROJECT_DIRECTORY,
    files: new WatchedFiles(PROJECT_DIRECTORY, host.options.stack),
    report: progress,
    stop: closing.signal,
    update: async (changedFiles) => {
      const { outputs, steps } = await stack.update({ changedFiles, stop: closing.signal });
      await host.serve(outputs);
      return steps;
    },
    showProblem: (problem) => problems.noteUpdate(problem),
  });
  cleanup.add(async () => {
    closing.abort();
    await loop.close();
  });
  keepRunning(cleanup, progress);
  progress("Watching the program, its configuration and the web UI.");
  return result;
}

/** Reports errors of promises that a failed program left behind. They would end the process. */
function keepRunning(cleanup: Cleanup, report: (text: string) => void): void {
  const listener = (error: unknown): void =>
    report(`An error without a handler: ${error instanceof Error ? error.stack : String(error)}`);
  process.on("unhandledRejection", listener);
  cleanup.add(async () => void process.off("unhandledRejection", listener));
}
