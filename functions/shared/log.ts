/** Message of the entry that an API function writes for each request. */
export const ANSWERED = "Answered";

/** One entry of a function's log. */
export interface LogEntry {
  readonly level: "INFO" | "WARN" | "ERROR";
  /** What happened, in words. */
  readonly message: string;
  /** Whatever else is worth finding again. */
  readonly [field: string]: unknown;
}

/**
 * Writes an entry as one line of JSON, past `console`: Lambda's JSON log format would wrap a line of `console.log` as a
 * text, with level INFO, in which no query finds a field. Lambda takes a line of JSON as it is, and its level, if it has a timestamp.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
 */
export function log(entry: LogEntry): void {
  process.stdout.write(`${JSON.stringify({ timestamp: new Date().toISOString(), ...entry })}\n`);
}
