import { cutTo, plainText, wrapText } from "./terminal-text";

/**
 * Where a command writes. All text becomes plain text, and on a terminal is wrapped at words to its width. A line of JSON is never
 * wrapped. No colours are used, so `NO_COLOR` has no effect.
 */
export interface Terminal {
  /** A line of the result, on standard output. */
  print(line: string): void;
  /** Progress: on a terminal one line that is written over, elsewhere a line every now and then, on standard error. */
  progress(text: string): void;
  /**
   * Replaces the whole screen of standard output by lines that fit it; absent where there is no screen.
   * @param lines makes them for the width and height of the terminal.
   */
  readonly screen?: (lines: (columns: number, rows: number) => readonly string[]) => void;
  /** Why the command could not do its work, on standard error. */
  fail(line: string): void;
}

/** Without a terminal a line of progress is written this often, in milliseconds. */
const QUIET_INTERVAL_MS = 10_000;
/** On a terminal the line is written over this often, in milliseconds. */
const REDRAW_INTERVAL_MS = 100;
/** Width of a text that is written for people where there is no terminal to measure. */
const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;

/** The part of a stream that is written to. */
export interface Output {
  readonly isTTY?: boolean;
  /** Width and height of the terminal, in characters. */
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

/** The terminal of this process, or of a test. */
export function terminal(
  out: Output = process.stdout,
  errors: Output = process.stderr,
  now: () => number = Date.now,
): Terminal {
  const redraws = canRedraw(errors);
  const interval = redraws ? REDRAW_INTERVAL_MS : QUIET_INTERVAL_MS;
  let last = redraws ? -Infinity : now();
  let isOpen = false;
  const clear = (): void => {
    if (isOpen) errors.write("\r\x1b[K");
    isOpen = false;
  };
  return {
    print(line) {
      clear();
      out.write(`${fitted(line, out)}\n`);
    },
    progress(text) {
      if (now() - last < interval) return;
      last = now();
      // A line that is wrapped by the terminal could not be written over.
      if (redraws) errors.write(`\r\x1b[K${cutTo(plainText(text), (errors.columns ?? DEFAULT_COLUMNS) - 1)}`);
      else errors.write(`${plainText(text)}\n`);
      isOpen = redraws;
    },
    ...(canRedraw(out) && {
      screen(lines) {
        clear();
        const { columns = DEFAULT_COLUMNS, rows = DEFAULT_ROWS } = out;
        const shown = lines(columns, rows).map((line) => `${plainText(line)}\x1b[K`);
        // No line feed behind the last line: it would scroll the first one away.
        out.write(`\x1b[H${shown.join("\n")}\x1b[J`);
      },
    }),
    fail(line) {
      clear();
      errors.write(`${fitted(line, errors)}\n`);
    },
  };
}

/** Whether lines on it can be written over: a terminal, and none that knows no control sequences. */
function canRedraw({ isTTY }: Output): boolean {
  return Boolean(isTTY) && process.env.TERM !== "dumb";
}

/** A text as it is written to an output. */
export function fitted(text: string, { isTTY, columns }: Output): string {
  const plain = plainText(text);
  return isTTY && columns !== undefined && !plain.startsWith("{") ? wrapText(plain, columns) : plain;
}

/** A text for people, such as that of `--help`, which has no line breaks of its own within a paragraph. */
export function wrappedFor(text: string, { columns = DEFAULT_COLUMNS }: Output = process.stdout): string {
  return wrapText(text, columns);
}
