import type { FunctionPool } from "./function-pool";
import type { FunctionError } from "./runtime-api";

/** Maximum number of trials at the same time. The start of a process takes a core. */
const MAX_RUNNING = 2;

/** Starts functions without an invocation, to learn whether they can be loaded. */
export class StartTrials {
  /** Ends of the last trials, one after another in each place. */
  private readonly places: Promise<unknown>[] = Array.from({ length: MAX_RUNNING }, async () => undefined);
  private count = 0;
  private closed = false;

  /**
   * Starts a process of a function.
   * @param keep whether the process waits for invocations afterwards.
   * @throws Error with the stack trace if the function cannot be loaded. A start that takes too long proves nothing.
   */
  async expectStart(pool: FunctionPool, keep: boolean): Promise<void> {
    const place = this.count++ % MAX_RUNNING;
    const trial = this.places[place].then(() => (this.closed ? undefined : pool.tryStart(keep)));
    this.places[place] = trial;
    const error = await trial;
    if (error) throw new Error(`The function does not start. ${startErrorText(error)}`);
  }

  /** Starts no further process. Trials that wait succeed. */
  close(): void {
    this.closed = true;
  }
}

/** Returns why a function cannot be loaded: its stack trace without the lines of Node.js and of the runtime, if there is one. */
export function startErrorText({ errorType, errorMessage, trace = [] }: FunctionError): string {
  const lines = trace.filter((line) => !/^\s+at .*(node:internal|runtime\/bootstrap\.js)/.test(line));
  return lines.length === 0 ? `${errorType}: ${errorMessage}` : lines.join("\n");
}
