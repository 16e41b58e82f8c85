import { setTimeout as delay } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { DeclaredResource, ResourceHandler } from "../resource";
import { Debuggers } from "./debuggers";
import { DeployedFunction, type FunctionAlias, notFound } from "./deployed-function";
import { functionArnOf, qualifierOf } from "./function-arn";
import { type FunctionConfiguration, functionConfiguration } from "./function-configuration";
import type { FunctionRevision } from "./function-revision";
import { FunctionRevisions } from "./function-revisions";
import type { FunctionName, FunctionsOptions } from "./functions-options";
import { RegionConcurrency } from "./region-concurrency";
import type { RuntimeDirectory } from "./runtime-directory";

/** Time between the two steps of an update, in milliseconds. */
const UPDATE_STEP_MS = 2000;

/** In terraform-provider-aws at 0156d84. */
const SOURCE = "internal/service/lambda/function.go";

/** Inputs that are part of a version: `needsFunctionConfigUpdate` and `needsFunctionCodeUpdate` of function.go. */
const PUBLISHED: readonly string[] = [
  ...["architectures", "code", "description", "environment", "handler", "loggingConfig"],
  ...["memorySize", "role", "runtime", "timeout"],
];

/** Functions of all regions, and the handler that creates, changes and deletes them. */
export class Functions {
  readonly debuggers = new Debuggers((arn) => this.findUp(arn));
  /** By ARN. */
  private readonly functions = new Map<string, DeployedFunction>();
  /** ARNs of functions that are being created. */
  private readonly creating = new Set<string>();
  private readonly closing = new AbortController();
  readonly revisions: FunctionRevisions;
  readonly concurrency: RegionConcurrency;

  constructor(
    private readonly options: FunctionsOptions,
    runtime: RuntimeDirectory,
  ) {
    this.concurrency = new RegionConcurrency(() => this.functions.values(), options.concurrency);
    const isUsed = (revision: FunctionRevision): boolean =>
      this.find(revision.configuration.arn)?.used === revision;
    this.revisions = new FunctionRevisions(options, runtime, this.debuggers, isUsed);
  }

  /** @param arn ARN without a version. */
  find(arn: string): DeployedFunction | undefined {
    return this.functions.get(arn);
  }

  list(): FunctionName[] {
    return [...this.functions.values()].map(({ arn, name, region }) => ({ arn, name, region }));
  }

  /** Returns a function; undefined if it does not exist or its region is down. */
  private findUp(arn: string): DeployedFunction | undefined {
    const found = this.find(arn);
    return found && this.options.regions.byCode(found.region).state !== "down" ? found : undefined;
  }

  /**
   * @param functionArn ARN of the function, with or without a version or alias, or its invoke ARN.
   * @throws LambdaServiceError if the function, version or alias does not exist.
   */
  get(functionArn: string): DeployedFunction {
    const found = this.find(functionArnOf(functionArn, ""));
    if (!found?.revision(qualifierOf(functionArn))) throw notFound(functionArn);
    return found;
  }

  /**
   * Points an alias to another version, as the UpdateAlias API does.
   * @throws LambdaServiceError if the function, alias or version does not exist.
   */
  moveAlias(functionArn: string, name: string, version: string): void {
    const found = this.get(functionArn);
    const alias = found.findAlias(name);
    if (!alias) throw notFound(`${found.arn}:${name}`);
    this.putAlias(found, { name, version, inputs: { ...alias.inputs, functionVersion: version } });
  }

  /**
   * Creates an alias of a function, or points it to another version.
   * @throws LambdaServiceError if the version does not exist.
   */
  putAlias(found: DeployedFunction, alias: FunctionAlias): void {
    const { used } = found;
    found.putAlias(alias);
    if (found.used !== used) this.options.onStart?.(found, undefined);
  }

  /**
   * Deletes a published version, as the DeleteFunction API does with a qualifier.
   * @throws LambdaServiceError if it does not exist, or an alias points to it.
   */
  deleteVersion(functionArn: string, version: string): void {
    this.revisions.retire(this.get(functionArn).deleteVersion(version));
  }

  /** Handler of `aws:lambda/function:Function`. */
  handler(): ResourceHandler {
    return {
      // Architectures, description and tags are accepted and ignored: they have no effect on a function on this machine.
      updatable: [...PUBLISHED, "publish", "reservedConcurrentExecutions", "tags", "tagsAll"],
      replacing: {
        name: `${SOURCE}:245`,
        packageType: `${SOURCE}:371`,
        region: "internal/provider/sdkv2/region.go: forceNewIfRegionChanges",
      },
      autoName: { input: "name", maxLength: 64 },
      recomputed: ({ publish }, changed) => {
        if (publish && changed.some((input) => input === "publish" || PUBLISHED.includes(input)))
          return ["lastModified", "qualifiedArn", "qualifiedInvokeArn", "version"];
        return changed.some((input) => PUBLISHED.includes(input)) ? ["lastModified"] : [];
      },
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
        found?.revisions().forEach((revision) => this.revisions.retire(revision));
        if (found) this.options.onStart?.(found, undefined);
        await this.debuggers.close(arn);
      },
    };
  }

  /** Closes all debuggers, kills all children, rejects running invocations, and waits until nothing is written to the directory. */
  async close(reason: Error): Promise<void> {
    this.closing.abort();
    await this.debuggers.closeAll();
    await this.revisions.close(reason);
  }

  private async create(resource: DeclaredResource): Promise<DeployedFunction> {
    const configuration = functionConfiguration(resource);
    const { name, arn, region } = configuration;
    if (this.functions.has(arn) || this.creating.has(arn))
      throw new Error(`ResourceConflictException: Function already exist: ${name} in ${region}.`);
    this.concurrency.checkReserved(configuration);
    this.creating.add(arn);
    try {
      const credentials = this.revisions.credentialsFor(configuration);
      const code = await this.revisions.unpack(configuration, resource.inputs.code);
      const revision = this.revise({ configuration, code, credentials });
      await this.revisions.expectStart(revision, false);
      const created = new DeployedFunction(configuration, resource.inputs, revision);
      this.publish(created);
      this.functions.set(arn, created);
      return created;
    } finally {
      this.creating.delete(arn);
    }
  }

  /**
   * Changes a function as the provider does (`resourceFunctionUpdate` in function.go): UpdateFunctionConfiguration, UpdateFunctionCode when
   * the configuration is live, then PublishVersion. In between, `$LATEST` runs the old code with the new configuration. An invalid
   * configuration or archive leaves the function unchanged.
   */
  private async update(
    found: DeployedFunction,
    declared: Pick<DeclaredResource, "region" | "inputs">,
  ): Promise<void> {
    const { inputs: before, latest } = found;
    const configuration = functionConfiguration(declared);
    this.concurrency.checkReserved(configuration);
    const credentials = this.revisions.credentialsFor(configuration);
    const code = await this.revisions.unpack(configuration, declared.inputs.code);
    const hasOtherSettings = !isDeepStrictEqual(
      settingsOf(declared),
      settingsOf({ ...declared, inputs: before }),
    );
    const hasOtherCode =
      code.sha256 !== latest.code.sha256 ||
      !isDeepStrictEqual(declared.inputs.architectures, before.architectures);
    if (!hasOtherCode) this.revisions.remove(code);
    const goal = { configuration, code: hasOtherCode ? code : latest.code, credentials };
    let version: FunctionRevision | undefined;
    if (hasOtherSettings || hasOtherCode) {
      const started = this.revise(goal, declared.inputs.publish ? found.nextVersion : undefined);
      await this.revisions.expectStart(started, found.used.pool.isWarm);
      if (hasOtherSettings && hasOtherCode) {
        this.runLatest(found, this.revise({ ...goal, code: latest.code }));
        await this.waitForStep(configuration);
      }
      if (declared.inputs.publish) version = started;
      this.runLatest(found, version ? this.revise(goal) : started);
    }
    found.configure(configuration, declared.inputs);
    this.publish(found, version);
  }

  private revise(
    { configuration, code, credentials }: Pick<FunctionRevision, "configuration" | "code" | "credentials">,
    version = configuration.version,
  ): FunctionRevision {
    return this.revisions.create({ ...configuration, version }, code, credentials);
  }

  /** Lets `$LATEST` run another revision. */
  private runLatest(found: DeployedFunction, revision: FunctionRevision): void {
    const { used, latest } = found;
    this.revisions.retire(found.replaceLatest(revision));
    if (used === latest) this.options.onStart?.(found, undefined);
  }

  /** Waits between the steps of an update. @throws Error if the service is closed meanwhile. */
  private async waitForStep({ name }: FunctionConfiguration): Promise<void> {
    const { updateStep = (signal) => delay(UPDATE_STEP_MS, undefined, { signal }) } = this.options;
    await updateStep(this.closing.signal).catch((error: Error) => {
      if (!this.closing.signal.aborted) throw error;
    });
    if (this.closing.signal.aborted) throw new Error(`Function ${name}: the local cloud is stopping.`);
  }

  /**
   * Publishes the next version if the inputs ask for it. Nothing is published if nothing has changed since the last version.
   * Source: https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html
   * @param revision runs the version; by default a new one with code and configuration of `$LATEST`.
   */
  private publish(found: DeployedFunction, revision?: FunctionRevision): void {
    if (!found.inputs.publish || !found.hasUnpublishedChange) return;
    found.addVersion(revision ?? this.revise(found.latest, found.nextVersion));
  }
}

/** Settings of a function that UpdateFunctionConfiguration changes: `needsFunctionConfigUpdate` of function.go. */
function settingsOf(declared: Pick<DeclaredResource, "region" | "inputs">): unknown {
  const { description, loggingConfig } = declared.inputs;
  const configuration = { ...functionConfiguration(declared), reservedConcurrency: undefined };
  return { ...configuration, description, loggingConfig };
}
