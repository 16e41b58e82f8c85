import type { Fate } from "./steps";

/** Delay of a slow call, in turns of the microtask queue. */
const SLOW_TURNS = 6;

/** Simulated failure of a call, named like the error of the SDK. */
export class SimulatedFailure extends Error {
  override readonly name: string;
  constructor(fate: "fails before" | "fails after") {
    super(`The call ${fate} it took effect.`);
    this.name = fate === "fails before" ? "ProvisionedThroughputExceededException" : "TimeoutError";
  }
}

/** Network of one caller. Each call meets the next fate, which may also crash the caller. */
export class Network {
  /** Resolves when the caller crashes. */
  readonly crashed: Promise<undefined>;
  private crash: () => void = () => undefined;
  private hasCrashed = false;
  private next = 0;

  /**
   * @param fates of the first calls; all later calls work.
   * @param isCut returns whether the other region is unreachable.
   */
  constructor(
    private readonly fates: readonly Fate[],
    private readonly isCut: () => boolean,
  ) {
    this.crashed = new Promise((resolve) => (this.crash = () => resolve(undefined)));
  }

  /** Calls the other region. Never settles after a crash of the caller. @throws SimulatedFailure if the call fails. */
  async callAcross<T>(effect: () => T | Promise<T>): Promise<T> {
    return this.call(() => {
      if (this.isCut()) throw new SimulatedFailure("fails before");
      return effect();
    });
  }

  /** Calls a service of the caller's own region, like `callAcross` but independent of the link. */
  async call<T>(effect: () => T | Promise<T>): Promise<T> {
    const fate = this.fates[this.next++] ?? "works";
    await turns(fate === "slow" ? SLOW_TURNS : 1);
    if (fate === "crashes before") this.end();
    if (this.hasCrashed) return new Promise(() => undefined);
    if (fate === "fails before") throw new SimulatedFailure(fate);
    const answer = await effect();
    await turns(1);
    if (fate === "fails after") throw new SimulatedFailure(fate);
    if (fate === "crashes after") this.end();
    return this.hasCrashed ? new Promise(() => undefined) : answer;
  }

  private end(): void {
    this.hasCrashed = true;
    this.crash();
  }
}

/** Waits for a number of turns of the microtask queue. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await Promise.resolve();
}
