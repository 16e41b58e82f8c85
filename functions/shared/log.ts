/** Message of the log entry that an API function writes for each request. */
export const ANSWERED = "Answered";

/** Entry of a function's log. */
export interface LogEntry {
  readonly level: "INFO" | "WARN" | "ERROR";
  /** Event in words. */
  readonly message: string;
  /** Further searchable fields. */
  readonly [field: string]: unknown;
}

/**
 * Writes an entry as one line of JSON to standard output. It does not use `console.log`, because Lambda's JSON log format would
 * wrap the line as text with level INFO, and queries could not find its fields. Lambda accepts a line of JSON unchanged, with its
 * level, if it has a timestamp.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
 */
export function log(entry: LogEntry): void {
  process.stdout.write(`${JSON.stringify({ timestamp: new Date().toISOString(), ...entry })}\n`);
}
