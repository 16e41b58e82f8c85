import { PROJECT } from "../command-line/stack-name";
import type { CloudHost } from "./cloud-host";
import { currentConfig } from "./current-config";
import { Deployment, type UpdateOptions, type UpdateResult } from "./pulumi/deployment";
import { configuredRegions } from "./pulumi/stack-config";
import { PROJECT_DIRECTORY } from "./services";

/** The program and its configuration, deployed under the SDK's mocks on the services of a local cloud. */
export class MockedStack {
  private readonly deployment: Deployment;

  constructor(private readonly host: Pick<CloudHost, "options" | "regions" | "services">) {
    const { resourceHandlers, remoteComponents } = host.services;
    const project = { project: PROJECT, stack: host.options.stack, directory: PROJECT_DIRECTORY };
    this.deployment = new Deployment({ ...project, resourceHandlers, remoteComponents });
  }

  /**
   * Reads the configuration, runs the program and applies what changed. Updates must not overlap.
   * @throws Error that states the problem. What is deployed stays, and the next update completes what is missing.
   */
  async update(options: Omit<UpdateOptions, "config"> = {}): Promise<UpdateResult> {
    const config = currentConfig(this.host.options);
    this.rejectOtherRegions(config);
    return this.deployment.update({ ...options, config });
  }

  /** The servers of the regions are started once. */
  private rejectOtherRegions(config: Readonly<Record<string, string>>): void {
    const text = (regions: readonly { name: string; code: string }[]): string =>
      regions
        .map(({ name, code }) => `${name} (${code})`)
        .sort()
        .join(" and ");
    const [running, wanted] = [text(this.host.regions.all()), text(configuredRegions(config))];
    if (running === wanted) return;
    throw new Error(
      `tickets:regions has changed from ${running} to ${wanted}. Restart the local cloud to change its regions.`,
    );
  }
}
