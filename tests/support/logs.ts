import { afterEach, beforeEach } from "mocha";

/** What the functions under test logged in the running test: one parsed JSON line each. */
export interface CapturedLogs {
  readonly lines: Record<string, unknown>[];
  /** What they wrote in CloudWatch's embedded metric format, which is told apart by its `_aws`. */
  readonly metrics: Record<string, unknown>[];
}

/** Keeps the functions' log lines out of the test report and hands them to the test. Call it inside a `describe`. */
export function captureLogs(): CapturedLogs {
  const logs: CapturedLogs = { lines: [], metrics: [] };
  const { stdout } = process;
  const write = stdout.write.bind(stdout);
  const capture = (text: string): boolean => {
    // Everything else is the test report's own.
    if (!text.startsWith("{")) return write(text);
    const line = JSON.parse(text) as Record<string, unknown>;
    ("_aws" in line ? logs.metrics : logs.lines).push(line);
    return true;
  };
  beforeEach(() => {
    logs.lines.length = 0;
    logs.metrics.length = 0;
    Object.assign(stdout, { write: capture });
  });
  afterEach(() => void Object.assign(stdout, { write }));
  return logs;
}
