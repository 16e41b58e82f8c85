import type { Addresses } from "./addresses";
import { PortInUseError } from "./aws/listen";
import { Cleanup } from "./cleanup";
import { CloudHost, type StartListener } from "./cloud-host";
import { MockedStack } from "./mocked-stack";
import type { LocalCloudOptions } from "./options";
import { explainPortInUse } from "./ports";
import type { StackOutputs } from "./pulumi/program";

/** Deploys the program on running services and returns its stack outputs. */
export type Deploy = (host: CloudHost, stop?: AbortSignal) => Promise<StackOutputs>;

/** A running local cloud: both regions with all their resources, and the console. */
export class LocalCloud {
  private constructor(
    private readonly host: CloudHost,
    private readonly cleanup: Cleanup,
  ) {}

  /**
   * Starts the services, deploys the program on them and starts the console.
   * @param stop aborts the start.
   * @param deploy runs the program under the SDK's mocks by default.
   * @throws Error that states the problem, or the reason of `stop`. Everything that was started has been stopped then.
   */
  static async start(
    options: LocalCloudOptions,
    listener: StartListener,
    stop?: AbortSignal,
    deploy: Deploy = deployWithoutEngine,
  ): Promise<LocalCloud> {
    const cleanup = new Cleanup();
    try {
      const host = await CloudHost.start(options, listener, cleanup, stop);
      await host.serve(await deploy(host, stop));
      return new LocalCloud(host, cleanup);
    } catch (error) {
      await cleanup
        .close()
        .catch((problem: Error) => listener.log("stopping after the failed start", problem.message));
      throw error instanceof PortInUseError ? await explainPortInUse(error, options) : error;
    }
  }

  /** Addresses of the program as it is deployed now. */
  get addresses(): Addresses {
    return this.host.addresses;
  }

  /** Stops every server and child process and removes temporary files. */
  close(): Promise<void> {
    return this.cleanup.close();
  }
}

async function deployWithoutEngine(host: CloudHost, stop?: AbortSignal): Promise<StackOutputs> {
  const { options, progress } = host;
  const stack = new MockedStack(host);
  const deploy = async (): Promise<StackOutputs> => {
    progress(`Running the program for stack ${options.stack} …`);
    const { outputs, steps } = await stack.update({ stop });
    progress(`Created ${steps.length} resources.`);
    return outputs;
  };
  if (!options.watch) return deploy();
  // Loaded only when it is used.
  const { watchProject } = await import("./watch/watch-project");
  return watchProject(host, stack, deploy);
}
