import { cutTo, plainText, wrapText } from "./terminal-text";

/**
 * Output of a command. Converts all text to plain text and, on a terminal, wraps it at words to the width of the terminal. Lines of
 * JSON are never wrapped. No colors are used, so `NO_COLOR` has no effect.
 */
export interface Terminal {
  /** Prints a line of the result on standard output. */
  print(line: string): void;
  /** Shows progress on standard error: on a terminal one line that is overwritten, otherwise one line per interval. */
  progress(text: string): void;
  /**
   * Replaces the screen of standard output; absent if standard output is not a terminal.
   * @param lines returns the lines for the width and height of the terminal.
   */
  readonly screen?: (lines: (columns: number, rows: number) => readonly string[]) => void;
  /** Prints an error on standard error. */
  fail(line: string): void;
}

/** Interval of progress lines without a terminal. */
const QUIET_INTERVAL_MS = 10_000;
/** Minimum interval at which a terminal's progress line is overwritten. */
const REDRAW_INTERVAL_MS = 100;
/** Default width of text output without a terminal. */
const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;

/** Used part of an output stream. */
export interface Output {
  readonly isTTY?: boolean;
  /** Width and height of the terminal, in characters. */
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

/** Opens a terminal on the streams of this process, or of a test. */
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
      // A line that the terminal wraps could not be overwritten.
      if (redraws) errors.write(`\r\x1b[K${cutTo(plainText(text), (errors.columns ?? DEFAULT_COLUMNS) - 1)}`);
      else errors.write(`${plainText(text)}\n`);
      isOpen = redraws;
    },
    ...(canRedraw(out) && {
      screen(lines) {
        clear();
        const { columns = DEFAULT_COLUMNS, rows = DEFAULT_ROWS } = out;
        const shown = lines(columns, rows).map((line) => `${plainText(line)}\x1b[K`);
        // A line feed after the last line would scroll the first line away.
        out.write(`\x1b[H${shown.join("\n")}\x1b[J`);
      },
    }),
    fail(line) {
      clear();
      errors.write(`${fitted(line, errors)}\n`);
    },
  };
}

/** Whether an output is a terminal that supports control sequences. */
function canRedraw({ isTTY }: Output): boolean {
  return Boolean(isTTY) && process.env.TERM !== "dumb";
}

/** Converts a text to plain text, wrapped if the output is a terminal. */
export function fitted(text: string, { isTTY, columns }: Output): string {
  const plain = plainText(text);
  return isTTY && columns !== undefined && !plain.startsWith("{") ? wrapText(plain, columns) : plain;
}

/** Wraps a text that a user reads, such as `--help`, and that has no line breaks within a paragraph. */
export function wrappedFor(text: string, { columns = DEFAULT_COLUMNS }: Output = process.stdout): string {
  return wrapText(text, columns);
}
