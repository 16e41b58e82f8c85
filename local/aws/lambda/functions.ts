import { rm } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { DeclaredResource, ResourceHandler } from "../resource";
import { unpackArchive } from "./archive";
import { Debuggers } from "./debuggers";
import { DeployedFunction } from "./deployed-function";
import { type FunctionConfiguration, functionArnOf, functionConfiguration } from "./function-configuration";
import { FunctionPool, LambdaServiceError } from "./function-pool";
import { FunctionRevision } from "./function-revision";
import type { FunctionName, FunctionsOptions } from "./functions-options";
import type { RuntimeDirectory } from "./runtime-directory";
import { StartTrials } from "./start-trials";
import { ArchiveSourceMaps } from "./source-map";

/** In terraform-provider-aws at 0156d84. */
const SOURCE = "internal/service/lambda/function.go";

/** Functions of all regions, and the handler that creates, changes and deletes them. */
export class Functions {
  readonly debuggers = new Debuggers((arn) => this.findUp(arn));
  /** By ARN. */
  private readonly functions = new Map<string, DeployedFunction>();
  /** ARNs of functions that are being created. */
  private readonly creating = new Set<string>();
  /** Revisions with child processes: the current ones, and old ones with running invocations. */
  private readonly revisions = new Set<FunctionRevision>();
  /** Writes to the directory that have not ended. */
  private readonly writes = new Set<Promise<unknown>>();
  private readonly trials = new StartTrials();
  private directories = 0;
  private closed = false;

  constructor(
    private readonly options: FunctionsOptions,
    private readonly runtime: RuntimeDirectory,
  ) {}

  /** @param arn ARN without a version. */
  find(arn: string): DeployedFunction | undefined {
    return this.functions.get(arn);
  }

  list(): FunctionName[] {
    return [...this.functions].map(([arn, { name, principal }]) => ({ arn, name, region: principal.region }));
  }

  /** Returns a function; undefined if it does not exist or its region is down. */
  private findUp(arn: string): DeployedFunction | undefined {
    const found = this.find(arn);
    return found && this.options.regions.byCode(found.principal.region).state !== "down" ? found : undefined;
  }

  /** @param functionArn ARN of the function, with or without a version, or its invoke ARN. @throws LambdaServiceError if it does not exist. */
  get(functionArn: string): DeployedFunction {
    const found = this.find(functionArnOf(functionArn, ""));
    const version = /:function:[^:/]+:([^/]+)/.exec(functionArn)?.[1];
    if (!found || (version !== undefined && !found.hasVersion(version)))
      throw new LambdaServiceError("ResourceNotFoundException", `Function not found: ${functionArn}`);
    return found;
  }

  /** Handler of `aws:lambda/function:Function`. */
  handler(): ResourceHandler {
    return {
      updatable: [
        "code",
        "environment",
        "handler",
        "loggingConfig",
        "memorySize",
        "publish",
        "reservedConcurrentExecutions",
        "role",
        "runtime",
        "timeout",
        // Accepted and ignored: they have no effect on a function on this machine.
        "architectures",
        "description",
        "tags",
        "tagsAll",
      ],
      replacing: {
        name: `${SOURCE}:245`,
        packageType: `${SOURCE}:371`,
        region: "internal/provider/sdkv2/region.go: forceNewIfRegionChanges",
      },
      autoName: { input: "name", maxLength: 64 },
      create: async (resource) => {
        const created = await this.create(resource);
        return { id: resource.inputs.name, outputs: created.outputs() };
      },
      read: async ({ id, region }) => {
        const found = this.find(functionArnOf(id, region));
        return found && { id, inputs: found.inputs, outputs: found.outputs() };
      },
      update: async ({ id, region }, inputs) => {
        const found = this.get(functionArnOf(id, region));
        await this.update(found, { region, inputs });
        return found.outputs();
      },
      delete: async ({ id, region }) => {
        const arn = functionArnOf(id, region);
        const found = this.find(arn);
        this.functions.delete(arn);
        if (found) {
          this.retire(found.currentRevision);
          this.options.onStart?.({ arn, name: found.name, region }, undefined);
        }
        await this.debuggers.close(arn);
      },
    };
  }

  /** Kills all children in some regions and rejects their invocations. A later invocation starts a new child. */
  async stop(where: (region: string) => boolean, reason: Error): Promise<void> {
    const pools = [...this.revisions].map(({ pool }) => pool);
    await Promise.all(
      pools.filter((pool) => where(pool.configuration.region)).map((pool) => pool.stop(reason)),
    );
  }

  /** Kills all children without waiting for their exit, for use while this process exits. */
  killNow(): void {
    this.revisions.forEach(({ pool }) => pool.killNow());
  }

  /** Kills all children, rejects running invocations, and waits until nothing is written to the directory. */
  async close(reason: Error): Promise<void> {
    this.closed = true;
    this.trials.close();
    await this.debuggers.closeAll();
    await this.stop(() => true, reason);
    while (this.writes.size > 0) await Promise.allSettled(this.writes);
  }

  private async create(resource: DeclaredResource): Promise<DeployedFunction> {
    const configuration = functionConfiguration(resource);
    const { name, arn, region } = configuration;
    if (this.functions.has(arn) || this.creating.has(arn))
      throw new Error(`ResourceConflictException: Function already exist: ${name} in ${region}.`);
    this.creating.add(arn);
    try {
      const revision = await this.newRevision(configuration, resource.inputs.code);
      await this.expectStart(revision, false);
      const created = new DeployedFunction(configuration, resource.inputs, revision);
      this.functions.set(arn, created);
      return created;
    } finally {
      this.creating.delete(arn);
    }
  }

  /** Changes a function. An error leaves it unchanged. */
  private async update(
    found: DeployedFunction,
    declared: Pick<DeclaredResource, "region" | "inputs">,
  ): Promise<void> {
    const configuration = functionConfiguration(declared);
    const revision = await this.newRevision(configuration, declared.inputs.code);
    const isEqual =
      revision.code.sha256 === found.codeHash &&
      isDeepStrictEqual(settingsOf(declared), settingsOf({ ...declared, inputs: found.inputs }));
    if (isEqual) {
      found.configure(configuration, declared.inputs);
      return this.retire(revision);
    }
    await this.expectStart(revision, found.currentRevision.pool.isWarm);
    this.retire(found.replace(configuration, declared.inputs, revision));
    this.options.onStart?.(configuration, undefined);
  }

  /** @throws Error with the stack trace if the revision must start and cannot be loaded. It is removed then. */
  private async expectStart(revision: FunctionRevision, keep: boolean): Promise<void> {
    const { pool } = revision;
    // A debugger may pause the process for a long time.
    if (!this.options.mustStart?.() || this.debuggers.get(pool.configuration.arn)) return;
    await this.trials.expectStart(pool, keep).catch((error: Error) => {
      this.retire(revision);
      throw error;
    });
    this.failIfClosed(pool.configuration.name);
  }

  /** @throws Error after close(). The caller removes the directory then, so nothing may be written to it. */
  private failIfClosed(name: string): void {
    if (this.closed) throw new Error(`Function ${name}: the local cloud is stopping.`);
  }

  private async newRevision(configuration: FunctionConfiguration, code: unknown): Promise<FunctionRevision> {
    const { iam, endpointUrl, dnsServer, directory, log, projectDirectory, regions, limits, sourceMapOf } =
      this.options;
    const { name, arn, region, role } = configuration;
    this.failIfClosed(name);
    const credentials = iam.issueCredentials({ roleArn: role, region, name });
    const taskRoot = join(directory, region, `${name}-${++this.directories}`);
    const unpacked = await this.write(unpackArchive(code, taskRoot, projectDirectory)).catch(
      async (error: Error) => {
        if (!this.closed) await this.write(rm(taskRoot, { recursive: true, force: true }));
        throw new Error(`Function ${name}: ${error.message}`, { cause: error });
      },
    );
    this.failIfClosed(name);
    const source = `${regions.byCode(region).name} ${name}`;
    const sourceMaps = new ArchiveSourceMaps(taskRoot, sourceMapOf, projectDirectory);
    const pool: FunctionPool = new FunctionPool(
      configuration,
      {
        ...{ taskRoot, runtime: this.runtime, credentials, endpointUrl, dnsServer, sourceMaps },
        debugger: () => this.debuggers.get(arn),
      },
      {
        log: (line, requestIds) => log(source, line, requestIds),
        started: (error) => {
          if (this.find(arn)?.currentRevision === revision)
            this.options.onStart?.({ arn, name, region }, error);
        },
      },
      limits ?? { maxEnvironments: 10, idleMs: 60_000 },
    );
    const revision: FunctionRevision = new FunctionRevision({ ...unpacked, taskRoot }, credentials, pool);
    this.revisions.add(revision);
    return revision;
  }

  /** Stops a revision and removes its code when its running invocations have ended. */
  private retire(revision: FunctionRevision): void {
    const remove = async (): Promise<void> => {
      await revision.retire();
      this.revisions.delete(revision);
      await rm(revision.code.taskRoot, { recursive: true, force: true });
    };
    void this.write(remove()).catch((error: Error) =>
      this.options.log("lambda", `An old version of a function could not be removed: ${error.message}`),
    );
  }

  private write<T>(writing: Promise<T>): Promise<T> {
    const ended = writing.finally(() => this.writes.delete(ended));
    this.writes.add(ended);
    return ended;
  }
}

/** Settings of a function whose change needs a new revision: `needsFunctionConfigUpdate` of function.go, and the architectures. */
function settingsOf(declared: Pick<DeclaredResource, "region" | "inputs">): unknown {
  const { architectures, description, loggingConfig } = declared.inputs;
  const configuration = { ...functionConfiguration(declared), reservedConcurrency: undefined };
  return { ...configuration, architectures, description, loggingConfig };
}
