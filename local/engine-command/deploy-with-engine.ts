import { join } from "node:path";
import { checkReachable } from "../aws/reachable-handlers";
import { temporaryDirectory } from "../cleanup";
import type { Deploy } from "../cloud";
import type { CloudHost } from "../cloud-host";
import type { Route } from "../console/http/route";
import { currentConfig } from "../current-config";
import type { EngineRunOptions, EngineStack } from "../pulumi/engine/engine-stack";
import { linkProject } from "../pulumi/engine/project-directory";
import { ProviderServer } from "../pulumi/provider/provider-server";
import { PROJECT_DIRECTORY } from "../services";
import { ENGINE_PATH, openWithProgram, type EngineAccount, type OpenAccount } from "./engine-account";

/**
 * Returns a deployment that runs the Pulumi engine, and lets later commands attach to the cloud.
 * @param open opens the stack; by default with the program of this project.
 */
export function deployWithEngine(
  options: Omit<EngineRunOptions, "config" | "signal">,
  open: OpenAccount = openWithProgram,
): Deploy {
  return async (host, stop) => {
    const account = await openHost(host);
    const stack = await open(account);
    host.consoleRoutes.push(engineRoute(host, account, stack));
    host.progress(`Running the Pulumi engine for stack ${account.stack} …`);
    const config = currentConfig(host.options);
    // After Ctrl-C the engine reports a failed run.
    await stack.up({ ...options, config, signal: stop }).finally(() => stop?.throwIfAborted());
    return stack.outputs();
  };
}

/** Serves the resource handlers to the engine, and creates the folders of the CLI. The cloud's clean-up ends both. */
export async function openHost({ options, regions, services, cleanup }: CloudHost): Promise<EngineAccount> {
  const { resourceHandlers, remoteComponents } = services;
  const provider = await ProviderServer.start({
    ...{ resourceHandlers, remoteComponents, directory: PROJECT_DIRECTORY },
    checkReachable: (region) => checkReachable(regions, region),
  });
  cleanup.add(() => provider.close());
  const workDirectory = await temporaryDirectory(cleanup);
  await linkProject(PROJECT_DIRECTORY, workDirectory);
  const ownFiles = await temporaryDirectory(cleanup);
  return {
    stack: options.stack,
    domain: options.domain ?? null,
    speed: options.speed,
    regions: regions.all().map(({ name, code }) => ({ name, code })),
    debugProviders: provider.debugProviders,
    workDirectory,
    backend: join(ownFiles, "backend"),
    home: join(ownFiles, "home"),
  };
}

/** Describes the account, and takes over the outputs after a command in another terminal has changed the stack. */
function engineRoute(host: CloudHost, account: EngineAccount, stack: EngineStack): Route {
  return {
    path: ENGINE_PATH,
    get: () => account,
    post: async () => {
      const outputs = await stack.outputs();
      if (outputs.regions === undefined)
        host.problems.noteUpdate({
          title: "The stack has no resources.",
          detail:
            "They were destroyed. Create them with the stack and the port of the destroy: " +
            `npm run local:pulumi -- up --stack ${account.stack} --port NUMBER`,
        });
      else {
        host.problems.noteUpdate(undefined);
        await host.serve(outputs);
      }
      return account;
    },
  };
}
