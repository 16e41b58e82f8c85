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
  private readonly waiting: (() => void)[] = [];

  /** @param most number of processes that may start at the same time. */
  constructor(private readonly most: number = Math.max(1, availableParallelism() - 1)) {}

  /**
   * Waits until a process may start.
   * @returns a function to be called when the process has started or exited. Only its first call has an effect.
   */
  async enter(): Promise<() => void> {
    if (this.starting === this.most) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.starting++;
    let isStarting = true;
    const leave = (): void => {
      clearTimeout(timer);
      if (isStarting) this.leave();
      isStarting = false;
    };
    const timer = setTimeout(leave, LONGEST_START_MS).unref();
    return leave;
  }

  /** Passes the place to the process that has waited longest. */
  private leave(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.starting--;
  }
}
