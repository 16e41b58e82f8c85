import { afterEach, beforeEach } from "mocha";

/** What the functions under test logged in the running test: one parsed JSON line each. */
export interface CapturedLogs {
  readonly lines: Record<string, unknown>[];
}

/** Keeps the functions' log lines out of the test report and hands them to the test. Call it inside a `describe`. */
export function captureLogs(): CapturedLogs {
  const logs: CapturedLogs = { lines: [] };
  const { stdout } = process;
  const write = stdout.write.bind(stdout);
  const capture = (text: string): boolean => {
    // Everything else is the test report's own.
    if (!text.startsWith("{")) return write(text);
    logs.lines.push(JSON.parse(text) as Record<string, unknown>);
    return true;
  };
  beforeEach(() => {
    logs.lines.length = 0;
    Object.assign(stdout, { write: capture });
  });
  afterEach(() => void Object.assign(stdout, { write }));
  return logs;
}
