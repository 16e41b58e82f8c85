import { afterEach, beforeEach } from "mocha";

/** What the functions under test logged in the running test: one parsed JSON line each. */
export interface CapturedLogs {
  readonly lines: Record<string, unknown>[];
}

/** Keeps the functions' log lines out of the test report and hands them to the test. Call it inside a `describe`. */
export function captureLogs(): CapturedLogs {
  const { log, error } = console;
  const logs: CapturedLogs = { lines: [] };
  const capture = (line: string): void => void logs.lines.push(JSON.parse(line) as Record<string, unknown>);
  beforeEach(() => {
    logs.lines.length = 0;
    Object.assign(console, { log: capture, error: capture });
  });
  afterEach(() => void Object.assign(console, { log, error }));
  return logs;
}
