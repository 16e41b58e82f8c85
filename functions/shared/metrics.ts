/** Values of a metric within one document. */
interface Metric {
  readonly unit: "Count" | "Milliseconds";
  /** A metric without values is left out. */
  readonly values: readonly number[];
}

/** What is written to CloudWatch at once. */
export interface MetricData {
  /** When the values were taken, in milliseconds since 1970. */
  readonly timestamp: number;
  /** Name and value of each dimension; all of them together name the metrics. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** By metric name. */
  readonly metrics: Readonly<Record<string, Metric>>;
}

/** Takes metric data to CloudWatch. */
export type WriteMetrics = (data: MetricData) => void;

/** The CloudWatch namespace of every metric of the application. */
export const METRIC_NAMESPACE = "Tickets";
/** How many values a metric may have in one document. */
const MAXIMUM_VALUES = 100;

/**
 * Metric data in CloudWatch's embedded metric format: one line, and more only when a metric has more than 100 values.
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
 * Writes metric data to the function's standard output, from where CloudWatch Logs extracts it. Not with `console.log`:
 * with the JSON log format Lambda's runtime puts what that writes into the `message` of another document, in which
 * CloudWatch finds no metrics.
 * https://docs.aws.amazon.com/lambda/latest/dg/web-functions-emf.html
 * https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/LogPatch.js
 */
export function writeMetrics(data: MetricData): void {
  for (const line of embeddedMetrics(data)) process.stdout.write(`${line}\n`);
}
