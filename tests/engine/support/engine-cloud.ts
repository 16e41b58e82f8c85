/*
 * The real Pulumi engine against a local cloud in the process of the test.
 *
 *   describeWithEngine("adding a domain", () => {
 *     const cloud = useEngineCloud();
 *     it("creates the zone, the names and the distribution", async () => {
 *       const stack = await cloud().openStack("ireland");
 *       await stack.up();
 *       const run = await stack.up({ config: { "tickets:domainName": "tickets.test" } });
 *       assert.deepEqual(run.replaced, []);
 *     });
 *   });
 *
 * - One `EngineCloud` is one AWS account: its services, its provider, and the engine's states of all stacks in it. Each test, or each
 *   suite, starts its own. `cloud.host.services` are the services; `cloud.host.serve(outputs)` starts the console.
 * - `openStack` opens a stack with its own copy of the program, `stack.program`. A test changes its files with `write` and `replace`;
 *   every run loads the program again.
 * - `up`, `preview`, `refresh` and `destroy` return what the engine reported: the names of the resources that were created, updated,
 *   replaced, deleted and the same, every operation in order, and the warnings. A name is `<type> <name>`. `config` of a run is merged
 *   into the configuration of the stack and stays there; undefined removes a key. `tryUp` and `tryDestroy` return errors.
 * - `cloud.before` is called before every change of a resource. Throw in it to let an operation fail; wait in it to hold one back.
 * - `cloud.ledger` lists the resources that exist, so that a test finds those that no state contains.
 * - ACM releases a certificate as soon as no resource uses it; `cloud.host.services.acm.setReleaseTime` changes that.
 * - `stack.shell` runs commands of the documents, such as `pulumi state unprotect`, on the stack.
 * - `stack.kill()` ends the engine at once, as a crash does.
 */
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { Cleanup, temporaryDirectory } from "../../../local/cleanup";
import { checkReachable } from "../../../local/aws/reachable-handlers";
import { CloudHost } from "../../../local/cloud-host";
import type { LocalCloudOptions } from "../../../local/options";
import { EngineStack } from "../../../local/pulumi/engine/engine-stack";
import { pulumiProblem } from "../../../local/pulumi/engine/pulumi-cli";
import { inlineProgram } from "../../../local/pulumi/inline-program";
import type { ProviderPackage } from "../../../local/pulumi/provider/package-provider";
import { ProviderServer } from "../../../local/pulumi/provider/provider-server";
import type { ResourceOperation } from "../../../local/pulumi/provider/resource-operations";
import { PROJECT_DIRECTORY } from "../../../local/services";
import { describeIfUsable } from "../../support/optional-tools";
import { CloudLedger } from "./cloud-ledger";
import { KillableCli } from "./killable-cli";
import { ProgramCopy } from "./program-copy";
import { StackUnderTest, type ConfigChanges } from "./stack-under-test";

export type { RunOptions, StackUnderTest } from "./stack-under-test";

/** Time limit of a test with several runs of the engine, in milliseconds. It does not measure speed. */
const TIMEOUT_MS = 10 * 60_000;

/** Defines a suite that needs the Pulumi CLI. Without one that can be used the suite is skipped, with the reason in its name; in CI it fails. */
export function describeWithEngine(title: string, suite: () => void): void {
  describeIfUsable(title, pulumiProblem(), function () {
    this.timeout(TIMEOUT_MS);
    suite();
  });
}

interface StackOptions {
  /** Changes of the stack's configuration in the project, which has no domain. */
  readonly config?: ConfigChanges;
  /** Folder of another program than the project's. */
  readonly source?: string;
  /** See `EngineStackOptions`; a test that kills the engine needs them. */
  readonly checkpoints?: boolean;
}

/** Starts a cloud before the first test of the current suite and stops it after the last one. */
export function useEngineCloud(options: Partial<LocalCloudOptions> = {}): () => EngineCloud {
  let cloud: EngineCloud | undefined;
  before(async () => {
    cloud = await EngineCloud.start(options);
  });
  afterEach(function () {
    if (this.currentTest?.state === "failed") console.log(cloud?.log());
  });
  after(() => cloud?.close());
  return () => {
    if (cloud) return cloud;
    throw new Error("The cloud starts before the first test of the suite.");
  };
}

/** Local cloud in this process, as an AWS account of the real Pulumi engine. */
export class EngineCloud {
  /** Called before every change of a resource. */
  before: (operation: ResourceOperation) => Promise<void> | void = () => undefined;
  /** Versions that the providers report; those of the SDK's packages by default. */
  providerVersions: Partial<Record<ProviderPackage, string>> = {};

  private constructor(
    readonly host: CloudHost,
    /** Resources that exist, also those outside the states. */
    readonly ledger: CloudLedger,
    /** Folder of the states, in `backend`, and of the copies of the program. */
    readonly directory: string,
    private readonly provider: ProviderServer,
    private readonly lines: readonly string[],
    private readonly cleanup: Cleanup,
  ) {}

  /** @param options by default both regions in real time, on free ports, with state in memory. */
  static async start(options: Partial<LocalCloudOptions> = {}): Promise<EngineCloud> {
    const cleanup = new Cleanup();
    const lines: string[] = [];
    const complete: LocalCloudOptions = {
      ...{ stack: "ireland", domain: "tickets.test", dynamodbEndpoint: undefined, data: undefined },
      ...{ port: 0, speed: 1 },
      ...options,
    };
    try {
      const listener = {
        log: (source: string, line: string) => void lines.push(`${source}: ${line}`),
        progress: () => undefined,
      };
      const directory = await temporaryDirectory(cleanup);
      const host = await CloudHost.start(complete, listener, cleanup);
      const { acm, resourceHandlers, remoteComponents } = host.services;
      acm.setReleaseTime(0);
      const ledger = new CloudLedger();
      const provider = await ProviderServer.start({
        ...{ remoteComponents, directory: PROJECT_DIRECTORY },
        resourceHandlers: ledger.recordCalls(resourceHandlers),
        before: (operation) => cloud.before(operation),
        versions: () => cloud.providerVersions,
        checkReachable: (region) => checkReachable(host.regions, region),
      });
      cleanup.add(() => provider.close());
      const cloud = new EngineCloud(host, ledger, directory, provider, lines, cleanup);
      return cloud;
    } catch (error) {
      await cleanup.close();
      throw error;
    }
  }

  /** Opens a stack. A second call with the same name selects the same state, with another copy of the program. */
  async openStack(
    stack: string,
    { config = {}, source, checkpoints }: StackOptions = {},
  ): Promise<StackUnderTest> {
    const workDirectory = mkdtempSync(join(this.directory, `${stack}-`));
    const program = ProgramCopy.create(workDirectory, source);
    const cli = await KillableCli.create(mkdtempSync(join(this.directory, "cli-")));
    const opened = await EngineStack.open({
      ...{ stack, workDirectory, checkpoints },
      ...{ backend: join(this.directory, "backend"), home: join(this.directory, "home") },
      debugProviders: this.provider.debugProviders,
      program: inlineProgram(workDirectory),
      command: cli.command,
    });
    return new StackUnderTest(opened, program, cli, { speed: this.host.options.speed, config });
  }

  /** Returns the log lines of the services so far. */
  log(): string {
    return this.lines.join("\n");
  }

  /** Stops everything and removes the states. */
  close(): Promise<void> {
    return this.cleanup.close();
  }
}
