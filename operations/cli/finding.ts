import type { Terminal } from "../../command-line/terminal";

/** Result of a check. */
export interface FindingOf<Status extends string> {
  readonly status: Status;
  /** One or two sentences. */
  readonly text: string;
  /** Instruction or command; absent if there is nothing to do. */
  readonly fix?: string;
}

/**
 * Prints findings, each with the label of its status and with its fix on the next line.
 * @param fixText changes a fix before it is printed.
 */
export function printFindings<Status extends string>(
  findings: readonly FindingOf<Status>[],
  labels: Readonly<Record<Status, string>>,
  terminal: Pick<Terminal, "print">,
  fixText: (fix: string) => string = (fix) => fix,
): void {
  const width = Math.max(...Object.values<string>(labels).map(({ length }) => length)) + 2;
  for (const { status, text, fix } of findings) {
    terminal.print(labels[status].padEnd(width) + text);
    if (fix !== undefined) terminal.print(" ".repeat(width) + fixText(fix));
  }
}
