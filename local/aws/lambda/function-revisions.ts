import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Credentials } from "../iam/iam";
import { unpackArchive } from "./archive";
import type { Debuggers } from "./debuggers";
import type { FunctionConfiguration } from "./function-configuration";
import { FunctionPool } from "./function-pool";
import { type FunctionCode, FunctionRevision } from "./function-revision";
import type { FunctionsOptions } from "./functions-options";
import type { RuntimeDirectory } from "./runtime-directory";
import { ArchiveSourceMaps } from "./source-map";
import { StartGate } from "./start-gate";
import { StartTrials } from "./start-trials";

/** Creates and stops the revisions of all functions, and manages the directories of their code. */
export class FunctionRevisions {
  /** Revisions with child processes: `$LATEST` and the versions of each function, and old ones with running invocations. */
  private readonly revisions = new Set<FunctionRevision>();
  /** Writes to the directory that have not ended. */
  private readonly writes = new Set<Promise<unknown>>();
  private readonly trials = new StartTrials();
  private readonly startGate = new StartGate();
  private directories = 0;
  private closed = false;

  /** @param isUsed returns whether the callers of its function use a revision. */
  constructor(
    private readonly options: FunctionsOptions,
    private readonly runtime: RuntimeDirectory,
    private readonly debuggers: Pick<Debuggers, "get">,
    private readonly isUsed: (revision: FunctionRevision) => boolean,
  ) {}

  /** @throws Error if the role does not exist or cannot be assumed by Lambda. */
  credentialsFor({ role, region, name }: FunctionConfiguration): Credentials {
    return this.options.iam.issueCredentials({ roleArn: role, region, name });
  }

  /** @throws Error that names the function and why the archive cannot be unpacked, or if the service is closed. */
  async unpack(configuration: FunctionConfiguration, archive: unknown): Promise<FunctionCode> {
    const { directory, projectDirectory } = this.options;
    const { name, region } = configuration;
    this.failIfClosed(configuration);
    const taskRoot = join(directory, region, `${name}-${++this.directories}`);
    const unpacked = await this.write(unpackArchive(archive, taskRoot, projectDirectory)).catch(
      async (error: Error) => {
        if (!this.closed) await this.write(rm(taskRoot, { recursive: true, force: true }));
        throw new Error(`Function ${name}: ${error.message}`, { cause: error });
      },
    );
    this.failIfClosed(configuration);
    return { ...unpacked, taskRoot };
  }

  /** Returns a new revision, without a process. */
  create(
    configuration: FunctionConfiguration,
    code: FunctionCode,
    credentials: Credentials,
  ): FunctionRevision {
    const { endpointUrl, dnsServer, coldStartMs, log, projectDirectory, regions } = this.options;
    const { limits, sourceMapOf } = this.options;
    const { name, arn, region } = configuration;
    const { taskRoot } = code;
    const source = `${regions.byCode(region).name} ${name}`;
    const sourceMaps = new ArchiveSourceMaps(taskRoot, sourceMapOf, projectDirectory);
    const pool: FunctionPool = new FunctionPool(
      configuration,
      {
        ...{ taskRoot, runtime: this.runtime, credentials, endpointUrl, dnsServer, coldStartMs, sourceMaps },
        startGate: this.startGate,
        debugger: () => this.debuggers.get(arn),
      },
      {
        log: (line, requestIds) => log(source, line, requestIds),
        started: (error) => {
          if (this.isUsed(revision)) this.options.onStart?.({ arn, name, region }, error);
        },
      },
      limits ?? { maxEnvironments: 10, idleMs: 60_000 },
    );
    const revision: FunctionRevision = new FunctionRevision(code, credentials, pool);
    this.revisions.add(revision);
    return revision;
  }

  /**
   * Starts a process of a new revision, if functions must start.
   * @param keep whether the process waits for invocations afterwards.
   * @throws Error with the stack trace if the function cannot be loaded, or if the service is closed. The revision is retired then.
   */
  async expectStart(revision: FunctionRevision, keep: boolean): Promise<void> {
    const { configuration, pool } = revision;
    // A debugger may pause the process for a long time.
    if (!this.options.mustStart?.() || this.debuggers.get(configuration.arn)) return;
    await this.trials.expectStart(pool, keep).catch((error: Error) => {
      this.retire(revision);
      throw error;
    });
    this.failIfClosed(configuration);
  }

  /** Stops a revision when its running invocations have ended, and removes its code if no other revision has it. */
  retire(revision: FunctionRevision): void {
    const stop = async (): Promise<void> => {
      await revision.retire();
      this.revisions.delete(revision);
      const isShared = [...this.revisions].some(({ code }) => code.taskRoot === revision.code.taskRoot);
      if (!isShared) this.remove(revision.code);
    };
    void this.write(stop());
  }

  /** Removes code that no revision has. */
  remove({ taskRoot }: FunctionCode): void {
    void this.write(rm(taskRoot, { recursive: true, force: true })).catch((error: Error) =>
      this.options.log("lambda", `The old code of a function could not be removed: ${error.message}`),
    );
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
    await this.stop(() => true, reason);
    while (this.writes.size > 0) await Promise.allSettled(this.writes);
  }

  private failIfClosed({ name }: FunctionConfiguration): void {
    // The caller removes the directory after close(), so nothing may be written to it later.
    if (this.closed) throw new Error(`Function ${name}: the local cloud is stopping.`);
  }

  private write<T>(writing: Promise<T>): Promise<T> {
    const ended = writing.finally(() => this.writes.delete(ended));
    this.writes.add(ended);
    return ended;
  }
}
