import type { Credentials } from "../iam/iam";
import type { LocalRegion } from "../regions";
import type { LocalService } from "../resource";
import { aliasHandler } from "./alias-handler";
import { eventInvokeConfigHandler } from "./event-invoke-config";
import { functionArnOf, qualifierOf } from "./function-arn";
import { notFound } from "./deployed-function";
import { LambdaServiceError } from "./function-pool";
import type { FunctionRevision } from "./function-revision";
import type { Debuggers } from "./debuggers";
import { Functions } from "./functions";
import type { FunctionName, FunctionsOptions } from "./functions-options";
import { permissionHandler } from "./permission-handler";
import type { Invocation } from "./runtime-api";
import type { RuntimeDirectory } from "./runtime-directory";
import { createRuntimeDirectory } from "./runtime-directory";

export type { Invocation } from "./runtime-api";

/** Options of {@link LocalLambda.start}. */
export type LambdaOptions = FunctionsOptions;

/** AWS Lambda on this machine: runs the archives that Pulumi builds in child processes, over the Lambda Runtime API. */
export class LocalLambda implements LocalService {
  readonly resourceHandlers: LocalService["resourceHandlers"];
  private readonly functions: Functions;
  private readonly onChange = (region: LocalRegion): void => this.regionChanged(region);
  private readonly onExit = (): void => this.functions.revisions.killNow();
  private closed = false;

  private constructor(
    private readonly options: LambdaOptions,
    runtime: RuntimeDirectory,
  ) {
    this.functions = new Functions(options, runtime);
    this.resourceHandlers = {
      "aws:lambda/function:Function": this.functions.handler(),
      "aws:lambda/alias:Alias": aliasHandler(this.functions),
      "aws:lambda/permission:Permission": permissionHandler((arn, qualifier) =>
        this.functions.find(arn)?.policy(qualifier),
      ),
      "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": eventInvokeConfigHandler((arn) =>
        this.functions.find(arn),
      ),
    };
    options.regions.on("change", this.onChange);
    process.on("exit", this.onExit);
  }

  /** @throws Error if the directory is inside the project. */
  static async start(options: LambdaOptions): Promise<LocalLambda> {
    const { directory, projectDirectory, runtimePackages } = options;
    const runtime = await createRuntimeDirectory(directory, projectDirectory, runtimePackages);
    return new LocalLambda(options, runtime);
  }

  /**
   * Invokes a function synchronously.
   * @param functionArn ARN of the function, with or without a version or alias, or its invoke ARN.
   * @throws LambdaServiceError if there is no such function, version or alias, its region is down or goes down, its reserved concurrency or
   * the quota of its region is in use, or the event is too large. An error of the function itself is an {@link Invocation} with `functionError`.
   */
  async invoke(functionArn: string, event: unknown): Promise<Invocation> {
    const found = this.functions.get(functionArn);
    const { region } = found;
    if (this.closed) throw stopping();
    if (this.options.regions.byCode(region).state === "down") throw regionDown(region);
    return this.functions.concurrency.run(found, () => found.invoke(qualifierOf(functionArn), event));
  }

  /** Debuggers of functions, by ARN without a version. */
  get debuggers(): Debuggers {
    return this.functions.debuggers;
  }

  /** Returns the deployed functions, in no particular order. */
  list(): readonly FunctionName[] {
    return this.functions.list();
  }

  /** Returns how long a debugger has paused a function until now, in milliseconds. No time limit of an invocation counts it. */
  pausedMs(functionArn: string): number {
    return this.debuggers.get(functionArnOf(functionArn, ""))?.pausedMs ?? 0;
  }

  /**
   * Returns whether the resource-based policy of the function, or of the version or alias in its ARN, allows a principal, such as
   * `apigateway.amazonaws.com`, to invoke it for a source.
   */
  permits(functionArn: string, principal: string, sourceArn: string): boolean {
    const found = this.functions.find(functionArnOf(functionArn, ""));
    return found?.policy(qualifierOf(functionArn))?.allows(principal, sourceArn) ?? false;
  }

  /**
   * Returns the version that an invocation with an ARN runs: `$LATEST` or a number.
   * @throws LambdaServiceError if there is no such function, version or alias.
   */
  versionOf(functionArn: string): string {
    return this.revision(functionArn).configuration.version;
  }

  /**
   * Points an alias to another version, as UpdateAlias does: https://docs.aws.amazon.com/lambda/latest/api/API_UpdateAlias.html
   * @param functionArn ARN of the function.
   * @throws LambdaServiceError if there is no such function, alias or version.
   */
  moveAlias(functionArn: string, alias: string, version: string): void {
    this.functions.moveAlias(functionArn, alias, version);
  }

  /**
   * Deletes a published version, as DeleteFunction does with a qualifier: https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunction.html
   * @param functionArn ARN of the function.
   * @throws LambdaServiceError if there is no such function or version, or an alias points to it.
   */
  deleteVersion(functionArn: string, version: string): void {
    this.functions.deleteVersion(functionArn, version);
  }

  /**
   * Configuration of an AWS SDK client that acts in the function's role, as Lambda's pollers do. The credentials change with the role.
   * @param functionArn ARN of the function, with or without a version or alias.
   * @throws LambdaServiceError if there is no such function, version or alias.
   */
  clientConfig(functionArn: string): { region: string; endpoint: string; credentials: Credentials } {
    const { credentials, configuration } = this.revision(functionArn);
    return { region: configuration.region, endpoint: this.options.endpointUrl, credentials };
  }

  /** Kills all child processes, rejects running invocations, and waits until no archive is being unpacked or removed. */
  async close(): Promise<void> {
    this.closed = true;
    this.options.regions.off("change", this.onChange);
    await this.functions.close(stopping());
    process.off("exit", this.onExit);
  }

  /** @throws LambdaServiceError if there is no such function, version or alias. */
  private revision(functionArn: string): FunctionRevision {
    const revision = this.functions.find(functionArnOf(functionArn, ""))?.revision(qualifierOf(functionArn));
    if (!revision) throw notFound(functionArn);
    return revision;
  }

  private regionChanged({ code, state }: LocalRegion): void {
    if (state === "down") void this.functions.revisions.stop((region) => region === code, regionDown(code));
  }
}

function stopping(): LambdaServiceError {
  return new LambdaServiceError("ServiceException", "The local cloud is stopping.");
}

function regionDown(region: string): LambdaServiceError {
  return new LambdaServiceError("ServiceException", `Region ${region} is down.`);
}
