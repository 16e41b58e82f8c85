import type { Fate } from "./steps";

/** How many turns of the event loop's microtasks a slow call is late. */
const SLOW_TURNS = 6;

/** A failure that the simulation made, as the SDK would throw it. */
export class SimulatedFailure extends Error {
  override readonly name: string;
  constructor(fate: "fails before" | "fails after") {
    super(`The call ${fate} it took effect.`);
    this.name = fate === "fails before" ? "ProvisionedThroughputExceededException" : "TimeoutError";
  }
}

/** What one caller's calls meet on their way, one fate after the other; it may end the caller in the midst of any. */
export class Network {
  /** Resolves when the caller ends without an answer. */
  readonly crashed: Promise<undefined>;
  private crash: () => void = () => undefined;
  private hasCrashed = false;
  private next = 0;

  /**
   * @param fates of the first calls; all others work.
   * @param isCut whether the other region cannot be reached now.
   */
  constructor(
    private readonly fates: readonly Fate[],
    private readonly isCut: () => boolean,
  ) {
    this.crashed = new Promise((resolve) => (this.crash = () => resolve(undefined)));
  }

  /** Calls the other region. @throws SimulatedFailure when it fails; never answers once the caller has crashed. */
  async callAcross<T>(effect: () => T | Promise<T>): Promise<T> {
    return this.call(() => {
      if (this.isCut()) throw new SimulatedFailure("fails before");
      return effect();
    });
  }

  /** Calls a service of the caller's own region; as `callAcross`, but a cut link is no hindrance. */
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

/** Waits so many turns of the event loop's microtasks. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await Promise.resolve();
}
