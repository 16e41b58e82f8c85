import { join } from "node:path";
import type { Credentials, LocalIam } from "../iam/iam";
import type { Log } from "../log";
import type { LocalRegion, Regions } from "../regions";
import { DeclaredResource, LocalService, CreatedResource, createOnly } from "../resource";
import { unpackArchive } from "./archive";
import { eventInvokeConfig } from "./event-invoke-config";
import { functionArnOf } from "./function-configuration";
import { functionConfiguration } from "./function-configuration";
import { type PoolLimits, LambdaServiceError } from "./function-pool";
import { FunctionPool } from "./function-pool";
import { Permissions } from "./permissions";
import type { Invocation } from "./runtime-api";
import type { RuntimeDirectory } from "./runtime-directory";
import { createRuntimeDirectory } from "./runtime-directory";

export type { Invocation } from "./runtime-api";

/** Options of {@link LocalLambda.start}. */
export interface LambdaOptions {
  readonly regions: Regions;
  readonly iam: Pick<LocalIam, "issueCredentials">;
  /** AWS endpoint of every function. */
  readonly endpointUrl: string;
  /** Returns address and port of the functions' DNS server, when a child starts; the system's DNS server if undefined. */
  readonly dnsServer?: () => string;
  /** Directory for unpacked archives: existing, empty and outside the project. The caller removes it after close(). */
  readonly directory: string;
  readonly log: Log;
  /** Directory of the program, whose node_modules provide the AWS SDK of the runtime. */
  readonly projectDirectory: string;
  /** Limits per function; 10 children and 60 s by default. */
  readonly limits?: PoolLimits;
}

interface DeployedFunction {
  readonly pool: FunctionPool;
  readonly credentials: Credentials;
}

/** AWS Lambda on this machine: runs the archives that Pulumi builds in child processes, over the Lambda Runtime API. */
export class LocalLambda implements LocalService {
  readonly resourceHandlers: LocalService["resourceHandlers"] = createOnly({
    "aws:lambda/function:Function": (resource) => this.createFunction(resource),
    "aws:lambda/permission:Permission": async (resource) => this.permissions.add(resource),
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": async (resource) =>
      eventInvokeConfig(resource, (arn) => this.functions.has(arn)),
  });
  private readonly functions = new Map<string, DeployedFunction>();
  private readonly permissions = new Permissions();
  private readonly onChange = (region: LocalRegion): void => this.regionChanged(region);
  private readonly onExit = (): void => this.functions.forEach(({ pool }) => pool.killNow());
  private readonly unpacking = new Set<Promise<unknown>>();
  private closed = false;

  private constructor(
    private readonly options: LambdaOptions,
    private readonly runtime: RuntimeDirectory,
  ) {
    options.regions.on("change", this.onChange);
    process.on("exit", this.onExit);
  }

  /** @throws Error if the directory is inside the project. */
  static async start(options: LambdaOptions): Promise<LocalLambda> {
    return new LocalLambda(
      options,
      await createRuntimeDirectory(options.directory, options.projectDirectory),
    );
  }

  /**
   * Invokes a function synchronously.
   * @param functionArn ARN of the function, with or without a version, or its invoke ARN.
   * @throws LambdaServiceError if there is no such function, its region is down or goes down, its reserved concurrency is in use, or the event
   * is too large. An error of the function itself is an {@link Invocation} with `functionError`.
   */
  async invoke(functionArn: string, event: unknown): Promise<Invocation> {
    const { pool } = this.findFunction(functionArn);
    const { region } = pool.configuration;
    if (this.closed) throw new LambdaServiceError("ServiceException", "The local cloud is stopping.");
    if (this.options.regions.byCode(region).state === "down") throw regionDown(region);
    return pool.invoke(event);
  }

  /** Returns whether the function's resource-based policy allows a principal, such as `apigateway.amazonaws.com`, to invoke it for a source. */
  permits(functionArn: string, principal: string, sourceArn: string): boolean {
    return this.permissions.allows(functionArnOf(functionArn, ""), principal, sourceArn);
  }

  /** Configuration of an AWS SDK client that acts in the function's role, as Lambda's pollers do. */
  clientConfig(functionArn: string): { region: string; endpoint: string; credentials: Credentials } {
    const { pool, credentials } = this.findFunction(functionArn);
    return { region: pool.configuration.region, endpoint: this.options.endpointUrl, credentials };
  }

  /** Kills all child processes, rejects running invocations, and waits until no archive is being unpacked. */
  async close(): Promise<void> {
    this.closed = true;
    this.options.regions.off("change", this.onChange);
    await this.stopFunctions(
      () => true,
      new LambdaServiceError("ServiceException", "The local cloud is stopping."),
    );
    await Promise.allSettled(this.unpacking);
    process.off("exit", this.onExit);
  }

  private async createFunction(resource: DeclaredResource): Promise<CreatedResource> {
    const configuration = functionConfiguration(resource);
    const { name, arn, region, version } = configuration;
    if (this.functions.has(arn))
      throw new Error(`Function ${name}: a function with this name already exists in ${region}.`);
    const { iam, endpointUrl, dnsServer, directory, log, projectDirectory, regions, limits } = this.options;
    const taskRoot = join(directory, region, name);
    // The caller removes the directory after close(), so nothing may be written to it later.
    if (this.closed) throw new Error(`Function ${name}: the local cloud is stopping.`);
    const unpacked = unpackArchive(resource.inputs.code, taskRoot, projectDirectory);
    this.unpacking.add(unpacked);
    const code = await unpacked
      .catch((error: Error) => {
        throw new Error(`Function ${name}: ${error.message}`, { cause: error });
      })
      .finally(() => this.unpacking.delete(unpacked));
    const credentials = iam.issueCredentials({ roleArn: configuration.role, region, name });
    const source = `${regions.byCode(region).name} ${name}`;
    const pool = new FunctionPool(
      configuration,
      { taskRoot, runtime: this.runtime, credentials, endpointUrl, dnsServer },
      (line) => log(source, line),
      limits ?? { maxEnvironments: 10, idleMs: 60_000 },
    );
    this.functions.set(arn, { pool, credentials });
    const invokeArn = `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${arn}/invocations`;
    return {
      id: name,
      outputs: {
        arn,
        name,
        invokeArn,
        qualifiedArn: `${arn}:${version}`,
        qualifiedInvokeArn: invokeArn.replace(arn, `${arn}:${version}`),
        version,
        lastModified: new Date().toISOString(),
        sourceCodeHash: code.sha256,
        sourceCodeSize: code.bytes,
      },
    };
  }

  private findFunction(functionArn: string): DeployedFunction {
    const found = this.functions.get(functionArnOf(functionArn, ""));
    if (!found)
      throw new LambdaServiceError("ResourceNotFoundException", `Function not found: ${functionArn}`);
    return found;
  }

  private regionChanged({ code, state }: LocalRegion): void {
    if (state === "down") void this.stopFunctions((region) => region === code, regionDown(code));
  }

  private async stopFunctions(where: (region: string) => boolean, reason: Error): Promise<void> {
    const pools = [...this.functions.values()].map(({ pool }) => pool);
    await Promise.all(
      pools.filter((pool) => where(pool.configuration.region)).map((pool) => pool.stop(reason)),
    );
  }
}

function regionDown(region: string): LambdaServiceError {
  return new LambdaServiceError("ServiceException", `Region ${region} is down.`);
}
