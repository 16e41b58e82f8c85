import { cutTo, wrapLine } from "../../command-line/terminal-text";
import { concernsOf } from "./concerns";
import { statusParts } from "./render";
import type { StatusReport } from "./report";

/**
 * Renders the status for a terminal of a given size, with the headline and the concerns at the top. Omits whole parts that do not
 * fit, the least urgent ones first. The last line counts the omitted lines.
 * @param withOptions adds the deployment options to the commands in a text.
 * @returns at most `rows` lines.
 */
export function statusScreen(
  report: StatusReport,
  withOptions: (text: string) => string,
  columns: number,
  rows: number,
): string[] {
  const { headline, verdict, regions, replication, dns, checks, events } = statusParts(report);
  const fitted = (lines: readonly string[]): string[] =>
    lines.flatMap((line) => wrapLine(withOptions(line), columns));
  const top = fitted([headline, ...(concernsOf(report).length > 0 ? verdict : [])]);
  const others = [
    { name: "regions", lines: regions },
    { name: "replication", lines: replication },
    { name: "DNS", lines: dns },
    { name: "health checks", lines: checks },
    { name: "last events", lines: events },
    ...(concernsOf(report).length > 0 ? [] : [{ name: "verdict", lines: ["", ...verdict] }]),
  ]
    .map(({ name, lines }) => ({ name, lines: fitted(lines) }))
    .filter(({ lines }) => lines.length > 0);
  const all = [...top, ...others.flatMap(({ lines }) => lines)];
  if (all.length <= rows) return all;

  const room = Math.max(rows - 1, 1);
  const shown = top.slice(0, room);
  const missing: string[] = top.length > shown.length ? ["concerns"] : [];
  for (const { name, lines } of others)
    if (missing.length === 0 && shown.length + lines.length <= room) shown.push(...lines);
    else missing.push(name);
  const count = all.length - shown.length;
  if (rows < 2) return shown;
  return [...shown, cutTo(`… ${count} more lines: ${missing.join(", ")}`, columns)];
}
