import { availableParallelism } from "node:os";

/** Time after which a start no longer counts, in milliseconds: a function that waits while it is loaded does not hold back the others. */
const LONGEST_START_MS = 3000;

/**
 * Lets only as many processes start at the same time as there are processors beside that of this process. A start takes one; more of them
 * would delay each other, and this process, through which every running function reaches its services: it would then serve them so slowly
 * that ever more processes were needed. AWS has no such limit, as its environments do not share processors.
 */
export class StartGate {
  private starting = 0;
  private readonly waiting = new Set<() => void>();

  /** @param most number of processes that may start at the same time. */
  constructor(private readonly most: number = Math.max(1, availableParallelism() - 1)) {}

  /**
   * Waits until a process may start.
   * @param signal ends the wait at once, for a process that will not start.
   * @returns a function to be called when the process has started or exited. Only its first call has an effect.
   */
  async enter(signal: AbortSignal): Promise<() => void> {
    if (signal.aborted) return () => undefined;
    if (this.starting < this.most) this.starting++;
    else if (!(await this.wait(signal))) return () => undefined;
    let isStarting = true;
    const leave = (): void => {
      clearTimeout(timer);
      if (isStarting) this.leave();
      isStarting = false;
    };
    const timer = setTimeout(leave, LONGEST_START_MS).unref();
    return leave;
  }

  /** Returns whether the process got a place, before the signal has ended its wait. */
  private wait(signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const enter = (): void => {
        signal.removeEventListener("abort", giveUp);
        resolve(true);
      };
      const giveUp = (): void => {
        this.waiting.delete(enter);
        resolve(false);
      };
      this.waiting.add(enter);
      signal.addEventListener("abort", giveUp, { once: true });
    });
  }

  /** Passes the place to the process that has waited longest. */
  private leave(): void {
    const [next] = this.waiting;
    if (!next) return void this.starting--;
    this.waiting.delete(next);
    next();
  }
}
