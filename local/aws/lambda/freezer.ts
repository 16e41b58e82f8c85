import type { ChildProcess } from "node:child_process";
import type { Writable } from "node:stream";

/**
 * Time after an invocation until its process is frozen, in milliseconds. AWS freezes at once, but the effect shows only after a pause.
 * Each freeze wakes the process twice, which a busy machine does late. A function that is called every second, as those that health checks
 * call at a high speed, has no pause this way.
 */
const FREEZE_AFTER_MS = 1000;

/** Position of each pipe in the `stdio` of the child process; the bootstrap knows them too. */
const [FREEZE, THAW] = [3, 4];

/**
 * Freezes the process of a function between invocations, as AWS does: nothing of the function runs until the next invocation, and it sees
 * what happened to its connections only then. Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 *
 * The event loop of the process waits in a blocking read. A stopped process (SIGSTOP) would stay behind when this process is killed, because
 * it could not see that; a process group with stopped members gets SIGHUP when its shell ends; and Windows has no such signal.
 */
export class Freezer {
  private timer: NodeJS.Timeout | undefined;
  private frozen = false;

  constructor(private readonly child: Pick<ChildProcess, "stdio">) {
    // The process may have exited.
    for (const pipe of [FREEZE, THAW]) this.pipe(pipe).on("error", () => undefined);
  }

  /** Freezes the process soon. */
  freeze(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.frozen = true;
      this.pipe(FREEZE).write("f");
    }, FREEZE_AFTER_MS);
  }

  /** Lets the process run. */
  thaw(): void {
    clearTimeout(this.timer);
    if (this.frozen) this.pipe(THAW).write("t");
    this.frozen = false;
  }

  private pipe(index: number): Writable {
    return this.child.stdio[index] as Writable;
  }
}
