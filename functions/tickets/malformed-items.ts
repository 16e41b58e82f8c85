import { environmentVariable } from "../shared/environment";
import { log } from "../shared/log";
import { writeMetrics } from "../shared/metrics";

/** Malformed item that a request read. */
export interface Malformed {
  readonly id: string;
  /** One sentence per fault. None contains a value. */
  readonly faults: readonly string[];
}

/**
 * Metric: number of malformed items that requests skipped. Every request that reads an item counts it again. The metric has no alarm,
 * because one open web UI would keep the alarm active.
 */
const MALFORMED_ITEMS = "MalformedItems";

/** Maximum number of items in a log line. */
const MAXIMUM_NAMED = 10;

/** Counts malformed items in a metric and logs their ids and faults. Does nothing without items. */
export function reportMalformed(items: readonly Malformed[]): void {
  if (items.length === 0) return;
  writeMetrics({
    timestamp: Date.now(),
    dimensions: { FunctionName: environmentVariable("AWS_LAMBDA_FUNCTION_NAME") },
    metrics: { [MALFORMED_ITEMS]: { unit: "Count", values: [items.length] } },
  });
  log({
    level: "WARN",
    message: "Skipped malformed items. Correct them, or delete them through the API.",
    count: items.length,
    items: items.slice(0, MAXIMUM_NAMED).map(({ id, faults }) => ({ id, faults })),
  });
}
