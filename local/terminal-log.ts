import { plainLine } from "../command-line/terminal-text";
import type { Log } from "./aws/log";
import { parseRecord, readable, withoutSuffix } from "./log-lines";

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

function shortened(source: string): string {
  return withoutSuffix(source).replace(/ access$/, "");
}
