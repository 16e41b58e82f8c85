/** Values of a metric. */
interface Metric {
  readonly unit: "Count" | "Milliseconds";
  /** A metric without values is omitted. */
  readonly values: readonly number[];
}

/** Metric values with the same time and dimensions. */
export interface MetricData {
  /** Time of the values, in milliseconds since 1970. */
  readonly timestamp: number;
  /** Name and value of each dimension. All of them together identify the metrics. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** Metrics by name. */
  readonly metrics: Readonly<Record<string, Metric>>;
}

/** Writes metric data to CloudWatch. */
export type WriteMetrics = (data: MetricData) => void;

/** CloudWatch namespace of all metrics of the application. */
export const METRIC_NAMESPACE = "Tickets";
/** Maximum number of values of a metric in one document. */
const MAXIMUM_VALUES = 100;

/**
 * Returns metric data in CloudWatch's embedded metric format: one line per 100 values of the longest metric.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function embeddedMetrics({ timestamp, dimensions, metrics }: MetricData): string[] {
  const longest = Math.max(0, ...Object.values(metrics).map(({ values }) => values.length));
  return Array.from({ length: Math.ceil(longest / MAXIMUM_VALUES) }, (_, index) => {
    const [from, to] = [index * MAXIMUM_VALUES, (index + 1) * MAXIMUM_VALUES];
    const present = Object.entries(metrics)
      .map(([name, { unit, values }]) => ({ name, unit, values: values.slice(from, to) }))
      .filter(({ values }) => values.length > 0);
    const directive = {
      Namespace: METRIC_NAMESPACE,
      Dimensions: [Object.keys(dimensions)],
      Metrics: present.map(({ name, unit }) => ({ Name: name, Unit: unit })),
    };
    return JSON.stringify({
      _aws: { Timestamp: timestamp, CloudWatchMetrics: [directive] },
      ...dimensions,
      ...Object.fromEntries(
        present.map(({ name, values }) => [name, values.length === 1 ? values[0] : values]),
      ),
    });
  });
}

/**
 * Writes metric data to the function's standard output; CloudWatch Logs extracts the metrics. It does not use `console.log`: with
 * the JSON log format, Lambda's runtime puts that output into the `message` of another document, in which CloudWatch finds no
 * metrics.
 * https://docs.aws.amazon.com/lambda/latest/dg/web-functions-emf.html
 * https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/LogPatch.js
 */
export function writeMetrics(data: MetricData): void {
  for (const line of embeddedMetrics(data)) process.stdout.write(`${line}\n`);
}
