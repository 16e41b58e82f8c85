import { join } from "node:path";
import type { CloudHost } from "../cloud-host";
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
  const { cleanup, live, progress } = host;
  const closing = new AbortController();
  const uiServer = UiDevServer.start(join(PROJECT_DIRECTORY, "ui"));
  // Until the deployment has ended, nothing handles its error.
  uiServer.catch(() => undefined);
  cleanup.add(async () => (await uiServer.catch(() => undefined))?.close());
  const result = await deploy();
  const ui = await uiServer;
  live.frontend = ui;

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
    showProblem: (problem) => {
      if (live.problem || problem) ui.showError(problem && `${problem.title}: ${problem.detail}`);
      live.problem = problem;
    },
  });
  cleanup.add(async () => {
    closing.abort();
    await loop.close();
  });
  progress("Watching the program, its configuration and the web UI.");
  return result;
}
