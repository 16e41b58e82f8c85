import type { Credentials } from "../iam/iam";
import type { UnpackedCode } from "./archive";
import type { FunctionConfiguration } from "./function-configuration";
import type { FunctionPool } from "./function-pool";
import { LambdaServiceError } from "./function-pool";
import type { Invocation } from "./runtime-api";

/** Unpacked code, which one or more revisions run. */
export interface FunctionCode extends UnpackedCode {
  readonly taskRoot: string;
}

/** One state of a function's code and configuration, with the child processes that run it: `$LATEST` or a published version. */
export class FunctionRevision {
  private running = 0;
  private onIdle: (() => void) | undefined;

  constructor(
    readonly code: FunctionCode,
    readonly credentials: Credentials,
    readonly pool: FunctionPool,
  ) {}

  get configuration(): FunctionConfiguration {
    return this.pool.configuration;
  }

  /** @param invokedArn ARN with which the function was invoked, with the version or alias if it had one. */
  async invoke(event: unknown, invokedArn: string): Promise<Invocation> {
    this.running++;
    try {
      return await this.pool.invoke(event, invokedArn);
    } finally {
      if (--this.running === 0) this.onIdle?.();
    }
  }

  /**
   * Stops the children when the running invocations have ended, as a Lambda function finishes them on the old code after an update.
   * No invocation may follow. Resolves when all children have exited.
   */
  async retire(): Promise<void> {
    if (this.running > 0) await new Promise<void>((resolve) => (this.onIdle = resolve));
    await this.pool.stop(new LambdaServiceError("ServiceException", "The function has changed."));
  }
}
