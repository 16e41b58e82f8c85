import { PROJECT } from "../command-line/stack-name";
import type { CloudHost } from "./cloud-host";
import { currentConfig } from "./current-config";
import { Deployment, type UpdateOptions, type UpdateResult } from "./pulumi/deployment";
import { expectRegions } from "./running-regions";
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
    expectRegions(this.host.regions.all(), config);
    return this.deployment.update({ ...options, config });
  }
}
