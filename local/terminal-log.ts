import { plainLine } from "../command-line/terminal-text";
import type { Log } from "./aws/log";

/** What a program says as one JSON object a line. */
type LogRecord = Readonly<Record<string, unknown>>;

/**
 * A log for a person: requests and function logs, which are JSON, become a few words, and a problem that a source repeats word for
 * word is told once. Other lines stay as they are.
 * @param write takes one line.
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

/** The source without the digits that make a function's name unique. */
function shortened(source: string): string {
  return source.replace(/-[0-9a-f]{7}$/, "").replace(/ access$/, "");
}

function readable(source: string, record: LogRecord): string {
  return source.endsWith(" access") ? request(record) : message(record);
}

/** A line of the access log, whose format is the program's. */
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

/** What tells a person at a terminal little. */
const LEFT_OUT = ["stack", "timestamp"];

/** A function's log line: its message, then what else it tells but zeros. */
function message({ level, message: text, name, ...rest }: LogRecord): string {
  const said = [name, text].filter((part) => part !== undefined).join(": ");
  const facts = Object.entries(rest)
    .filter(
      ([key, value]) => !LEFT_OUT.includes(key) && !key.startsWith("_") && value !== 0 && value !== undefined,
    )
    .map(([key, value]) => `${key} ${typeof value === "string" ? value : JSON.stringify(value)}`);
  return [level === "INFO" || level === undefined ? said : `${level} ${said}`, ...facts].join(", ");
}

function parseRecord(line: string): LogRecord | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as LogRecord;
  } catch {
    // Not a record after all, only a line that begins like one.
    return undefined;
  }
}
