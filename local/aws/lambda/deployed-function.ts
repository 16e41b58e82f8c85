import type { FunctionConfiguration } from "./function-configuration";
import { LambdaServiceError } from "./function-pool";
import { FunctionPolicy } from "./function-policy";
import type { FunctionRevision } from "./function-revision";
import type { DeclaredResource } from "../resource";
import type { Invocation } from "./runtime-api";

/** Lambda function with its current code and configuration, and what disappears with it. */
export class DeployedFunction {
  readonly policy = new FunctionPolicy();
  /** Inputs of the function's FunctionEventInvokeConfig, if there is one. */
  eventInvokeConfig: DeclaredResource["inputs"] | undefined;
  private lastModified = new Date();
  /** Number of the last published version; 0 before the first. */
  private published = 0;
  /** Whether code or configuration has changed since the last version was published. */
  private isUnpublished = true;
  private running = 0;

  constructor(
    private configuration: FunctionConfiguration,
    public inputs: DeclaredResource["inputs"],
    private revision: FunctionRevision,
  ) {
    this.publish();
  }

  /** Role's credentials and region. */
  get principal(): { region: string; credentials: FunctionRevision["credentials"] } {
    return { region: this.configuration.region, credentials: this.revision.credentials };
  }

  get name(): string {
    return this.configuration.name;
  }

  get codeHash(): string {
    return this.revision.code.sha256;
  }

  /**
   * Invokes the current revision.
   * @throws LambdaServiceError if the reserved concurrency is in use, by invocations of earlier revisions too, or the event is too large.
   */
  async invoke(event: unknown): Promise<Invocation> {
    const { name, reservedConcurrency = Infinity } = this.configuration;
    if (this.running >= reservedConcurrency)
      throw new LambdaServiceError(
        "TooManyRequestsException",
        `Rate Exceeded: all ${reservedConcurrency} reserved concurrent executions of ${name} are in use.`,
      );
    this.running++;
    try {
      return await this.revision.invoke(event);
    } finally {
      this.running--;
    }
  }

  /** Replaces the processes of the current revision: idle ones at once, others after their invocation. */
  replaceEnvironments(): void {
    this.revision.pool.replaceEnvironments();
  }

  /** Starts a process of the current revision, if there is none. */
  warmUp(): void {
    this.revision.pool.warmUp();
  }

  /** Returns whether a version can be invoked: `$LATEST`, or the last published one while the code and configuration are still its own. */
  hasVersion(version: string): boolean {
    return version === "$LATEST" || (version === String(this.published) && !this.isUnpublished);
  }

  /** Changes settings that need no new revision. */
  configure(configuration: FunctionConfiguration, inputs: DeclaredResource["inputs"]): void {
    this.configuration = configuration;
    this.inputs = inputs;
    this.publish();
  }

  /**
   * Changes code or configuration. The next invocation runs the new revision.
   * @returns the old revision, which may have running invocations.
   */
  replace(
    configuration: FunctionConfiguration,
    inputs: DeclaredResource["inputs"],
    revision: FunctionRevision,
  ): FunctionRevision {
    const old = this.revision;
    this.revision = revision;
    this.lastModified = new Date();
    this.isUnpublished = true;
    this.configure(configuration, inputs);
    return old;
  }

  /** Code, credentials and processes of the next invocation. */
  get currentRevision(): FunctionRevision {
    return this.revision;
  }

  /** Outputs of the resource. The version is the last published one, or `$LATEST` if there is none. */
  outputs(): Record<string, unknown> {
    const { name, arn, region } = this.configuration;
    const version = this.published === 0 ? "$LATEST" : String(this.published);
    const invokeArn = `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${arn}/invocations`;
    return {
      arn,
      name,
      invokeArn,
      qualifiedArn: `${arn}:${version}`,
      qualifiedInvokeArn: invokeArn.replace(arn, `${arn}:${version}`),
      version,
      lastModified: this.lastModified.toISOString(),
      sourceCodeHash: this.revision.code.sha256,
      sourceCodeSize: this.revision.code.bytes,
    };
  }

  /**
   * Publishes the next version if the inputs ask for it. Nothing is published if nothing has changed since the last version.
   * Source: https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html
   */
  private publish(): void {
    if (!this.inputs.publish || !this.isUnpublished) return;
    this.published++;
    this.isUnpublished = false;
  }
}
