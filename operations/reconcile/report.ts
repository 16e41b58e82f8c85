import { plainLine } from "../../command-line/terminal-text";
import type { Terminal } from "../../command-line/terminal";
import type { Checkpoint } from "./checkpoint";
import { sum, type Tally } from "./tally";

const BAR_WIDTH = 24;

/**
 * Formats the progress as one line.
 * @param total approximate number of items in both tables; 0 if unknown.
 */
export function progressLine(tally: Tally, total: number): string {
  const compared = sum(tally.compared);
  const found = `${number(sum(tally.repaired))} different, ${number(tally.failed + tally.plain)} not comparable`;
  if (total === 0) return `${number(compared)} items compared, ${found}`;
  const part = Math.min(compared / total, 1);
  const bar = "#".repeat(Math.round(part * BAR_WIDTH)).padEnd(BAR_WIDTH, "-");
  return `[${bar}] ${Math.floor(part * 100)} %, ${number(compared)} items, ${found}`;
}

/** Prints the results of a run. */
export function printSummary({ scope, tally }: Checkpoint, terminal: Terminal): void {
  const { dryRun } = scope;
  for (const finding of tally.findings) terminal.print(plainLine(finding));
  const hidden = sum(tally.repaired) + tally.failed + tally.rejected - tally.findings.length;
  if (hidden > 0) terminal.print(`… and ${number(hidden)} more.`);
  const compared = scope.tables.map(({ name }) => `${number(tally.compared[name] ?? 0)} items of ${name}`);
  terminal.print(`Compared ${compared.join(" with ")}.`);
  if (tally.stamped > 0)
    terminal.print(
      `${dryRun ? "Would add" : "Added"} a first version or listing attributes to ${items(tally.stamped)}.`,
    );
  const repaired = Object.entries(tally.repaired).map(([name, count]) => `${number(count)} in ${name}`);
  if (repaired.length > 0) terminal.print(`${dryRun ? "Would repair" : "Repaired"}: ${repaired.join(", ")}.`);
  if (tally.conflicts > 0)
    terminal.print(
      `${number(tally.conflicts)} of those ${dryRun ? "are" : "were"} conflicts; the losing versions are kept in the conflict tables.`,
    );
  if (tally.leveled > 0)
    terminal.print(
      `${dryRun ? "Would copy" : "Copied"} ${number(tally.leveled)} conflict records to the region that lacked or differed from them.`,
    );
  if (tally.plain > 0)
    terminal.print(
      `${items(tally.plain)} without version and origin left unchanged. To add them, use --stamp.`,
    );
  if (tally.rejected > 0)
    terminal.print(
      `${items(tally.rejected)} may not cross regions, left unchanged. Find out who wrote them, then delete them manually.`,
    );
  if (tally.failed > 0) terminal.print(`${items(tally.failed)} could not be compared or repaired.`);
  const differences = sum(tally.repaired) + tally.leveled + tally.stamped + tally.plain + tally.failed;
  if (differences === 0)
    terminal.print(tally.rejected > 0 ? "The tables are equal except for those." : "The tables are equal.");
}

function items(count: number): string {
  return count === 1 ? "1 item" : `${number(count)} items`;
}

function number(count: number): string {
  return count.toLocaleString("en");
}
