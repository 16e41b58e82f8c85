/** A log line that is a JSON object. */
export type LogRecord = Readonly<Record<string, unknown>>;

/** Returns the object in a log line; undefined for every other line. */
export function parseRecord(line: string): LogRecord | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as LogRecord;
  } catch {
    // A line that only begins like a JSON object.
    return undefined;
  }
}

/** Returns the source of a log without the suffix that makes a function's name unique. */
export function withoutSuffix(source: string): string {
  return source.replace(/-[0-9a-f]{7}$/, "");
}

/** Returns whether a source is an access log. */
export function isAccessLog(source: string): boolean {
  return source.endsWith(" access");
}

/** Shortens a line of an access log or of a function's log for reading. */
export function readable(source: string, record: LogRecord): string {
  return isAccessLog(source) ? request(record) : message(record);
}

/** Shortens a line of the access log, whose format the program defines. */
function request(record: LogRecord): string {
  const { method, routeKey, status, responseLatency, requestId, error } = record;
  return [
    `${routeKey === "$default" ? `${method} without a route` : routeKey} ${status}`,
    `${responseLatency} ms`,
    `request ${requestId}`,
    ...(error === undefined || error === "-" ? [] : [error]),
  ].join(", ");
}

/** Fields that are omitted: what a reader knows, and the list of a batch's writes, which is long. */
const OMITTED_FIELDS = ["stack", "timestamp", "writes"];

/** Shortens a function's log line: the message, then the other fields that are not zero. */
function message({ level, message: text, name, ...rest }: LogRecord): string {
  const summary = [name, text].filter((part) => part !== undefined).join(": ");
  const fields = Object.entries(rest)
    .filter(
      ([key, value]) =>
        !OMITTED_FIELDS.includes(key) && !key.startsWith("_") && value !== 0 && value !== undefined,
    )
    .map(([key, value]) => `${key} ${typeof value === "string" ? value : JSON.stringify(value)}`);
  return [level === "INFO" || level === undefined ? summary : `${level} ${summary}`, ...fields].join(", ");
}
