import { PROJECT } from "../command-line/stack-name";
import { Cleanup } from "../local/cleanup";
import { CloudHost } from "../local/cloud-host";
import type { CreatedResource } from "../local/aws/resource";
import { openHost } from "../local/engine-command/deploy-with-engine";
import { openWithProgram } from "../local/engine-command/engine-account";
import type { LocalCloudOptions } from "../local/options";
import { resourceNameOf, type ResourceName } from "../local/pulumi/engine/engine-run";
import { pulumiProblem } from "../local/pulumi/engine/pulumi-cli";
import { runProgram } from "../local/pulumi/program";
import { programFiles } from "../local/pulumi/program-loading";
import { stackNames } from "../local/pulumi/stack-config";
import { PROJECT_DIRECTORY } from "../local/services";

/** Each stack is measured with everything that DNS failover adds. */
const DOMAIN = "tickets.test";

/** Ids and outputs of existing resources, which answer the registrations of the program. The SDK's mocks use other URNs. */
type Existing = ReadonlyMap<ResourceName, CreatedResource>;

/**
 * Measures a preview and an `up` of every stack under the real Pulumi engine against a local cloud in this process: the first ones, and
 * again when nothing has changed. The baseline is the program itself: loading its files and running it until every resource is
 * registered, with answers that take no time. Serialized functions are cached in `node_modules/.cache`, as in every command.
 *
 * Without a Pulumi CLI that can be used the benchmark is skipped, which it reports.
 */
export async function benchEngine(): Promise<void> {
  const problem = pulumiProblem();
  if (problem !== undefined) return console.log(`engine: skipped. ${problem}`);
  for (const stack of stackNames(PROJECT_DIRECTORY)) await benchStack(stack);
}

async function benchStack(name: string): Promise<void> {
  const cleanup = new Cleanup();
  try {
    const host = await startCloud(name, cleanup);
    const stack = await openWithProgram(await openHost(host));
    const { config } = host;
    const [firstPreview, firstUp, preview, up] = [
      await seconds(() => stack.preview({ config })),
      await seconds(() => stack.up({ config })),
      await seconds(() => stack.preview({ config })),
      await seconds(() => stack.up({ config })),
    ];
    const { resources = [] } = await stack.state();
    const existing = new Map(
      resources.map(({ urn, id = "", outputs = {} }) => [resourceNameOf(urn), { id, outputs }]),
    );
    const { load, evaluate } = await timeProgram(host, existing);
    const share = (total: number): string =>
      `${total.toFixed(1)} s (program ${Math.round((100 * (load + evaluate)) / total)} %)`;
    console.log(`engine, stack ${name}, ${resources.length} resources:`);
    console.log(
      `  first preview ${share(firstPreview)}, first up, with a preview of its own, ${share(firstUp)}`,
    );
    console.log(`  without a change: preview ${share(preview)}, up ${share(up)}`);
    console.log(
      `  program itself ${(load + evaluate).toFixed(1)} s: ${load.toFixed(1)} s to load, ${evaluate.toFixed(1)} s to evaluate`,
    );
  } finally {
    await cleanup.close();
  }
}

function startCloud(stack: string, cleanup: Cleanup): Promise<CloudHost> {
  const options: LocalCloudOptions = {
    ...{ stack, domain: DOMAIN, dynamodbEndpoint: undefined, data: undefined },
    ...{ port: 0, speed: 1 },
  };
  return CloudHost.start(options, { log: () => undefined, progress: () => undefined }, cleanup);
}

/** Returns the seconds from the start of the program to the first registration of a resource, and from there to its end. */
async function timeProgram(
  { options, config }: CloudHost,
  existing: Existing,
): Promise<{ load: number; evaluate: number }> {
  const start = performance.now();
  let loaded: number | undefined;
  await runProgram({
    ...{ project: PROJECT, stack: options.stack, config, changedFiles: programFiles() },
    register: async ({ urn }) => {
      loaded ??= performance.now();
      const resource = existing.get(resourceNameOf(urn));
      if (resource) return resource;
      throw new Error(`The engine did not create ${urn}.`);
    },
  });
  const end = performance.now();
  return { load: ((loaded ?? end) - start) / 1000, evaluate: (end - (loaded ?? end)) / 1000 };
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
