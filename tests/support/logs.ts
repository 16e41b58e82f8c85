import { afterEach, beforeEach } from "mocha";

/** Parsed log lines of the functions in the running test. */
export interface CapturedLogs {
  readonly lines: Record<string, unknown>[];
  /** Lines in CloudWatch's embedded metric format, which have the key `_aws`. */
  readonly metrics: Record<string, unknown>[];
}

/** Captures the log lines of functions, so that they are not in the test report. Call it inside a `describe`. */
export function captureLogs(): CapturedLogs {
  const logs: CapturedLogs = { lines: [], metrics: [] };
  const { stdout } = process;
  const write = stdout.write.bind(stdout);
  const capture = (text: string): boolean => {
    // All other text belongs to the test report.
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
