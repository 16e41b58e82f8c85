import { setTimeout as delay } from "node:timers/promises";
import type { LocalLambda } from "../lambda/lambda";
import type { Regions } from "../regions";
import type { MappingConfiguration } from "./mapping-configuration";
import type { MappingStatus } from "./mapping-status";
import { describeError } from "./mapping-status";

/** What every part of a running mapping shares. */
export interface MappingContext {
  readonly configuration: MappingConfiguration;
  readonly lambda: Pick<LocalLambda, "invoke" | "clientConfig">;
  readonly regions: Regions;
  readonly status: MappingStatus;
  readonly pollIntervalMs: number;
  /** Now, in milliseconds since 1970, for the age of records. */
  readonly clock: () => number;
  /** Aborts when the mapping is closed; every wait then rejects. */
  readonly signal: AbortSignal;
}

const FIRST_PAUSE_MS = 100;

/** AWS backs off for longer; here someone is watching. */
const LONGEST_PAUSE_MS = 1000;

/**
 * Does something until it works, however long that takes: pauses grow between tries, and nothing is tried while the mapping's region is down.
 * @param doing what is done, for the log.
 * @param isFinal tells an error that no other try can mend; it is thrown.
 */
export async function retryUntilSuccess<T>(
  context: MappingContext,
  doing: string,
  action: () => Promise<T>,
  isFinal: (error: unknown) => boolean = () => false,
): Promise<T> {
  for (let failures = 0; ; failures++) {
    await waitUntilRegionUp(context);
    try {
      const result = await action();
      context.status.recordSuccess(doing);
      return result;
    } catch (error) {
      context.signal.throwIfAborted();
      if (isFinal(error)) throw error;
      recordFailure(context, doing, error);
      await backOff(context, failures);
    }
  }
}

/** Notes that something fails; not when the mapping's region has gone down, which is no news. */
export function recordFailure(context: MappingContext, doing: string, error: unknown): void {
  if (!isDown(context)) context.status.recordFailure(doing, describeError(error));
}

/** Waits while the mapping's own region is down. */
export async function waitUntilRegionUp(context: MappingContext): Promise<void> {
  context.signal.throwIfAborted();
  while (isDown(context)) await waitForNextPoll(context);
}

function isDown({ regions, configuration }: MappingContext): boolean {
  return regions.byCode(configuration.region).state === "down";
}

/** Waits before the next try; the more failures in a row, the longer. */
export function backOff({ signal }: MappingContext, failures: number): Promise<void> {
  return delay(Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS), undefined, { signal });
}

/** Waits for as long as lies between two polls. */
export function waitForNextPoll({ pollIntervalMs, signal }: MappingContext): Promise<void> {
  return delay(pollIntervalMs, undefined, { signal });
}
