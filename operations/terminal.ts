/** Where a command writes. */
export interface Terminal {
  /** A line of the result, on standard output. */
  print(line: string): void;
  /** Progress: on a terminal one line that is written over, elsewhere a line every now and then, on standard error. */
  progress(text: string): void;
  /** Why the command could not do its work, on standard error. */
  fail(line: string): void;
}

/** Without a terminal a line of progress is written this often, in milliseconds. */
const QUIET_INTERVAL_MS = 10_000;
/** On a terminal the line is written over this often, in milliseconds. */
const REDRAW_INTERVAL_MS = 100;

/** The part of a stream that is written to. */
export interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** The terminal of this process, or of a test. */
export function terminal(
  out: Output = process.stdout,
  errors: Output = process.stderr,
  now: () => number = Date.now,
): Terminal {
  const interval = errors.isTTY ? REDRAW_INTERVAL_MS : QUIET_INTERVAL_MS;
  let last = errors.isTTY ? -Infinity : now();
  let isOpen = false;
  const clear = (): void => {
    if (isOpen) errors.write("\r\x1b[K");
    isOpen = false;
  };
  return {
    print(line) {
      clear();
      out.write(`${line}\n`);
    },
    progress(text) {
      if (now() - last < interval) return;
      last = now();
      errors.write(errors.isTTY ? `\r\x1b[K${text}` : `${text}\n`);
      isOpen = Boolean(errors.isTTY);
    },
    fail(line) {
      clear();
      errors.write(`${line}\n`);
    },
  };
}
