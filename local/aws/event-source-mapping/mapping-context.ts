import { setTimeout as delay } from "node:timers/promises";
import type { StreamChanges } from "../dynamodb/streams/stream-changes";
import type { LocalLambda } from "../lambda/lambda";
import type { Regions } from "../regions";
import type { MappingConfiguration } from "./mapping-configuration";
import type { MappingStatus } from "./mapping-status";
import { describeError } from "./mapping-status";

/** Shared state of the parts of a running mapping. */
export interface MappingContext {
  /** Current configuration, which changes while the mapping runs. */
  readonly configuration: MappingConfiguration;
  readonly lambda: Pick<LocalLambda, "invoke" | "clientConfig" | "versionOf">;
  readonly regions: Regions;
  readonly status: MappingStatus;
  readonly streamChanges?: StreamChanges;
  /** Interval between two polls of a shard. */
  readonly pollIntervalMs: number;
  /** Returns whether a shard is blocked. @param index its place in the description of the stream. */
  readonly isBlocked: (region: string, index: number) => boolean;
  /** Now, in milliseconds since 1970, for the age of records. */
  readonly clock: () => number;
  /** Aborts when the mapping is closed or deleted; all waits then reject. */
  readonly signal: AbortSignal;
}

const MIN_BACKOFF_MS = 100;

/** AWS backs off for longer; the local cloud is interactive. */
const MAX_BACKOFF_MS = 1000;

/**
 * Retries an action without limit, with exponential backoff, until it succeeds. Waits while the mapping's region is down or the
 * mapping is disabled.
 * @param operation description of the action for the log.
 * @param isFinal returns whether a retry cannot fix an error; such an error is thrown.
 */
export async function retryUntilSuccess<T>(
  context: MappingContext,
  operation: string,
  action: () => Promise<T>,
  isFinal: (error: unknown) => boolean = () => false,
): Promise<T> {
  for (let failures = 0; ; failures++) {
    await waitUntilActive(context);
    try {
      const result = await action();
      context.status.recordSuccess(operation);
      return result;
    } catch (error) {
      context.signal.throwIfAborted();
      if (isFinal(error)) throw error;
      recordFailure(context, operation, error);
      await backOff(context, failures);
    }
  }
}

/** Records a failure, unless the mapping's region is down, which explains it. */
export function recordFailure(context: MappingContext, operation: string, error: unknown): void {
  if (!isDown(context)) context.status.recordFailure(operation, describeError(error));
}

/** Waits while the mapping is disabled or its own region is down. */
export async function waitUntilActive(context: MappingContext): Promise<void> {
  context.signal.throwIfAborted();
  while (!context.configuration.enabled || isDown(context)) await waitForNextPoll(context);
}

function isDown({ regions, configuration }: MappingContext): boolean {
  return regions.byCode(configuration.region).state === "down";
}

/** Waits before the next attempt. The wait doubles with each consecutive failure, up to one second. */
export function backOff({ signal }: MappingContext, failures: number): Promise<void> {
  return delay(Math.min(MIN_BACKOFF_MS * 2 ** failures, MAX_BACKOFF_MS), undefined, { signal });
}

/** Longest wait for a change of a stream, in milliseconds. */
const MAX_IDLE_MS = 5000;

/**
 * Waits for one poll interval and then, if the changes of the stream are known, until its shard has changed.
 * @param count number of changes that the last poll has seen.
 */
export async function waitForChange(context: MappingContext, shardId: string, count: number): Promise<void> {
  await waitForNextPoll(context);
  const { signal } = context;
  await context.streamChanges?.wait(shardId, count, { timeoutMs: MAX_IDLE_MS, signal });
}

/** Waits for one poll interval. */
export function waitForNextPoll({ pollIntervalMs, signal }: MappingContext): Promise<void> {
  return delay(pollIntervalMs, undefined, { signal });
}
