import { environmentVariable } from "../shared/environment";
import { log } from "../shared/log";
import { writeMetrics } from "../shared/metrics";

/** A stored item that a request met and could not read. */
export interface Malformed {
  readonly id: string;
  /** One sentence each; none contains a value. */
  readonly faults: readonly string[];
}

/**
 * Metric of the malformed items that requests left out. Every request that meets an item counts it again, so the metric has no alarm:
 * one open web UI would keep it raised.
 */
const MALFORMED_ITEMS = "MalformedItems";

/** A log line names at most this many items. */
const MAXIMUM_NAMED = 10;

/** Counts malformed items in a metric and logs which they are and why; does nothing when there are none. */
export function reportMalformed(items: readonly Malformed[]): void {
  if (items.length === 0) return;
  writeMetrics({
    timestamp: Date.now(),
    dimensions: { FunctionName: environmentVariable("AWS_LAMBDA_FUNCTION_NAME") },
    metrics: { [MALFORMED_ITEMS]: { unit: "Count", values: [items.length] } },
  });
  log({
    level: "WARN",
    message: "Left out items that are not well-formed. Correct them, or delete them through the API.",
    count: items.length,
    items: items.slice(0, MAXIMUM_NAMED).map(({ id, faults }) => ({ id, faults })),
  });
}
