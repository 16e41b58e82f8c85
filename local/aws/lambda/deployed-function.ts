import type { DeclaredResource } from "../resource";
import { invokeArnOf, qualified } from "./function-arn";
import type { FunctionConfiguration } from "./function-configuration";
import { LambdaServiceError } from "./function-pool";
import { FunctionPolicy } from "./function-policy";
import type { FunctionRevision } from "./function-revision";
import type { Invocation } from "./runtime-api";

/** `$LATEST`, the version of a function that changes; it also runs invocations without a version. */
const LATEST = "$LATEST";

/** Alias of a function. */
export interface FunctionAlias {
  readonly name: string;
  /** Version that it points to. */
  readonly version: string;
  readonly inputs: DeclaredResource["inputs"];
}

/** Lambda function with its versions and aliases, and what disappears with it. */
export class DeployedFunction {
  /** Inputs of the FunctionEventInvokeConfig of the function and of each qualifier; that of the function has the key "". */
  readonly eventInvokeConfigs = new Map<string, DeclaredResource["inputs"]>();
  /** Policies with statements, by qualifier. That of the function itself has the key "". */
  private readonly policies = new Map<string, FunctionPolicy>();
  private readonly versions = new Map<string, FunctionRevision>();
  private readonly aliases = new Map<string, FunctionAlias>();
  private lastModified = new Date();
  /** Number of the last published version; 0 before the first. */
  private published = 0;
  private isUnpublished = true;
  private running = 0;

  constructor(
    private configuration: FunctionConfiguration,
    public inputs: DeclaredResource["inputs"],
    private current: FunctionRevision,
  ) {}

  get name(): string {
    return this.configuration.name;
  }

  get arn(): string {
    return this.configuration.arn;
  }

  /** AWS code. */
  get region(): string {
    return this.configuration.region;
  }

  /** Executions that only this function can use; undefined if it shares those of its region. */
  get reservedConcurrency(): number | undefined {
    return this.configuration.reservedConcurrency;
  }

  /** Revision of `$LATEST`. */
  get latest(): FunctionRevision {
    return this.current;
  }

  /** Revision that the callers use: that of the first alias, or `$LATEST` without an alias. */
  get used(): FunctionRevision {
    const [alias] = this.aliases.keys();
    return this.revision(alias) ?? this.current;
  }

  /** Number of the version that is published next. */
  get nextVersion(): string {
    return String(this.published + 1);
  }

  /** Whether code or configuration has changed since the last version was published. */
  get hasUnpublishedChange(): boolean {
    return this.isUnpublished;
  }

  /**
   * Returns the revision that runs invocations with a qualifier, `$LATEST` without one.
   * @param qualifier version or alias.
   * @returns undefined if there is no such version or alias.
   */
  revision(qualifier: string | undefined): FunctionRevision | undefined {
    if (qualifier === undefined || qualifier === LATEST) return this.current;
    const version = this.aliases.get(qualifier)?.version ?? qualifier;
    return version === LATEST ? this.current : this.versions.get(version);
  }

  /**
   * Invokes a version, or the version of an alias.
   * @throws LambdaServiceError if there is no such version or alias, the event is too large, or the function's reserved concurrency, which
   * all versions share, is in use by invocations of any revision.
   */
  async invoke(qualifier: string | undefined, event: unknown): Promise<Invocation> {
    const { name, arn, reservedConcurrency = Infinity } = this.configuration;
    const invokedArn = qualified(arn, qualifier);
    const revision = this.revision(qualifier);
    if (!revision) throw notFound(invokedArn);
    if (this.running >= reservedConcurrency)
      throw new LambdaServiceError(
        "TooManyRequestsException",
        `Rate Exceeded: all ${reservedConcurrency} reserved concurrent executions of ${name} are in use.`,
      );
    this.running++;
    try {
      return await revision.invoke(event, invokedArn);
    } finally {
      this.running--;
    }
  }

  /**
   * Returns the resource-based policy of the function, or of a version or alias: a permission applies only to invocations with exactly its
   * qualifier. Source: https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
   * @returns undefined if there is no such version or alias.
   */
  policy(qualifier: string | undefined): FunctionPolicy | undefined {
    if (!this.revision(qualifier)) return undefined;
    const key = qualifier ?? "";
    const policy = this.policies.get(key) ?? new FunctionPolicy();
    this.policies.set(key, policy);
    return policy;
  }

  /** Replaces the processes of every revision: idle ones at once, others after their invocation. */
  replaceEnvironments(): void {
    this.revisions().forEach(({ pool }) => pool.replaceEnvironments());
  }

  /** Starts a process of the revision that the callers use, if it has none. */
  warmUp(): void {
    this.used.pool.warmUp();
  }

  /** Changes settings that need no new revision. */
  configure(configuration: FunctionConfiguration, inputs: DeclaredResource["inputs"]): void {
    this.configuration = configuration;
    this.inputs = inputs;
  }

  /**
   * Changes code or configuration of `$LATEST`. Its next invocation runs the new revision.
   * @returns the old revision, which may have running invocations.
   */
  replaceLatest(revision: FunctionRevision): FunctionRevision {
    const old = this.current;
    this.current = revision;
    this.lastModified = new Date();
    this.isUnpublished = true;
    return old;
  }

  /** @param revision code and configuration of `$LATEST`, with the number {@link nextVersion}. */
  addVersion(revision: FunctionRevision): void {
    this.published++;
    this.isUnpublished = false;
    this.versions.set(String(this.published), revision);
  }

  /**
   * Deletes a published version.
   * @returns its revision, which may have running invocations.
   * @throws LambdaServiceError if an alias points to it, or it does not exist.
   */
  deleteVersion(version: string): FunctionRevision {
    const revision = this.versions.get(version);
    if (!revision) throw notFound(qualified(this.arn, version));
    const users = [...this.aliases.values()].filter((alias) => alias.version === version);
    if (users.length > 0)
      throw new LambdaServiceError(
        "ResourceConflictException",
        "Unable to delete version because the following aliases reference it: " +
          `[${users.map(({ name }) => name).join(", ")}]`,
      );
    this.versions.delete(version);
    this.forget(version);
    return revision;
  }

  findAlias(name: string): FunctionAlias | undefined {
    return this.aliases.get(name);
  }

  /**
   * Creates an alias, or points it to another version: the next invocation of the alias runs that version.
   * @throws LambdaServiceError if the version does not exist.
   */
  putAlias(alias: FunctionAlias): void {
    const { name, version } = alias;
    if (version !== LATEST && !this.versions.has(version)) throw notFound(qualified(this.arn, version));
    const before = this.aliases.get(name)?.version;
    this.aliases.set(name, alias);
    const isUsed = [...this.aliases.values()].some((other) => other.version === before);
    // AWS keeps idle environments for a while. Here they would take memory of this machine.
    if (before !== undefined && !isUsed) this.versions.get(before)?.pool.replaceEnvironments();
  }

  deleteAlias(name: string): void {
    this.aliases.delete(name);
    this.forget(name);
  }

  /** `$LATEST` and every published version. */
  revisions(): FunctionRevision[] {
    return [this.current, ...this.versions.values()];
  }

  /** Outputs of the resource. The version is the last published one, or `$LATEST` if there is none. */
  outputs(): Record<string, unknown> {
    const { name, arn } = this.configuration;
    const version = this.published === 0 ? LATEST : String(this.published);
    const qualifiedArn = qualified(arn, version);
    return {
      arn,
      name,
      invokeArn: invokeArnOf(arn),
      qualifiedArn,
      qualifiedInvokeArn: invokeArnOf(qualifiedArn),
      version,
      lastModified: this.lastModified.toISOString(),
      sourceCodeHash: this.current.code.sha256,
      sourceCodeSize: this.current.code.bytes,
    };
  }

  private forget(qualifier: string): void {
    this.policies.delete(qualifier);
    this.eventInvokeConfigs.delete(qualifier);
  }
}

/** @param arn ARN of a function, version or alias. */
export function notFound(arn: string): LambdaServiceError {
  return new LambdaServiceError("ResourceNotFoundException", `Function not found: ${arn}`);
}
