import { plainLine } from "../command-line/terminal-text";
import type { Log } from "./aws/log";

/** A log line that is a JSON object. */
type LogRecord = Readonly<Record<string, unknown>>;

/**
 * Returns a log for the terminal: shortens access logs and functions' logs, which are JSON, and omits a problem that repeats the
 * previous problem of its source. Other lines stay unchanged.
 * @param write receives each line.
 */
export function terminalLog(write: (line: string) => void): Log {
  const lastProblem = new Map<string, string>();
  return (source, line) => {
    const record = parseRecord(line);
    const text = `${shortened(source)}: ${record ? readable(source, record) : line}`;
    const isProblem = record?.level !== undefined && record.level !== "INFO";
    if (isProblem && lastProblem.get(source) === text) return;
    if (isProblem) lastProblem.set(source, text);
    else lastProblem.delete(source);
    write(plainLine(text));
  };
}

/** Returns a source without the suffix that makes a function's name unique. */
function shortened(source: string): string {
  return source.replace(/-[0-9a-f]{7}$/, "").replace(/ access$/, "");
}

function readable(source: string, record: LogRecord): string {
  return source.endsWith(" access") ? request(record) : message(record);
}

/** Shortens a line of the access log, whose format the program defines. */
function request(record: LogRecord): string {
  const { method, routeKey, status, responseLatency, requestId, error, integrationError } = record;
  const reasons = [error, integrationError].filter((reason) => reason !== undefined && reason !== "-");
  return [
    `${routeKey === "$default" ? `${method} without a route` : routeKey} ${status}`,
    `${responseLatency} ms`,
    `request ${requestId}`,
    ...reasons,
  ].join(", ");
}

/** Fields that are omitted on the terminal. */
const OMITTED_FIELDS = ["stack", "timestamp"];

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

function parseRecord(line: string): LogRecord | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as LogRecord;
  } catch {
    // A line that only begins like a JSON object.
    return undefined;
  }
}
