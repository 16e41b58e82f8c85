import type { Credentials } from "../iam/iam";
import type { UnpackedCode } from "./archive";
import type { FunctionPool } from "./function-pool";
import { LambdaServiceError } from "./function-pool";
import type { Invocation } from "./runtime-api";

/** One state of a function's code and configuration, with the child processes that run it. */
export class FunctionRevision {
  private running = 0;
  private onIdle: (() => void) | undefined;

  constructor(
    /** Hash and size of the code, and its directory. */
    readonly code: UnpackedCode & { readonly taskRoot: string },
    readonly credentials: Credentials,
    readonly pool: FunctionPool,
  ) {}

  async invoke(event: unknown): Promise<Invocation> {
    this.running++;
    try {
      return await this.pool.invoke(event);
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
