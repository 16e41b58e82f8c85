import { columnsOf, plainLine } from "../../command-line/terminal-text";
import { concernsOf } from "./concerns";
import type { DirectionReport, Known, RegionReport, StatusReport } from "./report";

/** Parts of the status as lines of plain text. */
export interface StatusParts {
  readonly headline: string;
  /** Concerns, or the statement that there are none. */
  readonly verdict: readonly string[];
  /** This and the following parts start with an empty line. */
  readonly regions: readonly string[];
  readonly replication: readonly string[];
  readonly dns: readonly string[];
  readonly checks: readonly string[];
  readonly events: readonly string[];
}

/** Renders the status as lines of text, with concerns at the end. */
export function renderStatus(report: StatusReport): string[] {
  const { headline, verdict, regions, replication, dns, checks, events } = statusParts(report);
  return [headline, ...regions, ...replication, ...dns, ...checks, ...events, "", ...verdict];
}

/** Renders the parts of the status. */
export function statusParts(report: StatusReport): StatusParts {
  const { stack, at, regions, replication, names, checks, events } = report;
  const concerns = concernsOf(report);
  return {
    headline: plainLine(`${stack}, ${at}: ${headline(report)}`),
    regions: ["", ...table(regions.map(regionRow))],
    replication: [
      "",
      ...table(replication.map((direction) => directionRow(direction, report.countLagSeconds))),
    ],
    dns: section(
      "DNS",
      names.map(({ name, addresses }) => [name, addresses.join(" ") || "no answer"]),
    ),
    checks: report.domain === undefined ? [] : section("Health checks", checkRows(checks)),
    events: section(
      "Last events",
      events.map(({ at: when, region, what, by, reason }) => [when, region, what, by, reason]),
    ),
    verdict:
      concerns.length === 0
        ? ["No problems detected (read-only checks)."]
        : concerns.map((concern) => plainLine(`!! ${concern}`)),
  };
}

function headline({ domain, serving, regions }: StatusReport): string {
  if (domain === undefined) return "no domain, so no DNS failover; clients choose a region";
  if (serving === undefined) return "DNS does not report which region serves";
  const role = regions.find(({ name }) => name === serving)?.role;
  return `DNS resolves to ${serving}${role === undefined ? "" : `, the ${role}`}`;
}

function regionRow({ name, role, health, takeover, sentinel }: RegionReport): string[] {
  return [
    name,
    role ?? "",
    health.ok ? "healthy" : `UNHEALTHY (${short(String(health.reason))})`,
    textOf(takeover, ({ takeover: taken, by, at }) => (taken ? `TAKEN OVER by ${by}, ${at}` : "no takeover")),
    textOf(sentinel, (seen) => {
      if (!seen) return "";
      const { lookedSecondsAgo, healthySeconds, failingSeconds } = seen;
      const state =
        failingSeconds === undefined
          ? `the other region healthy for ${healthySeconds ?? 0} s`
          : `the other region failing for ${failingSeconds} s`;
      return `sentinel: ${state}, probed ${lookedSecondsAgo} s ago`;
    }),
  ];
}

function directionRow(report: DirectionReport, countLagSeconds: number): string[] {
  const { from, to, behindSeconds, heartbeatSecondsAgo, iteratorAgeSeconds, quarantined, failures } = report;
  const beat = "value" in heartbeatSecondsAgo ? `, last heartbeat ${heartbeatSecondsAgo.value} s ago` : "";
  const age = countLagSeconds > 0 ? ` (up to ${countLagSeconds} s ago)` : "";
  return [
    `${from} -> ${to}`,
    textOf(behindSeconds, (seconds) => `${seconds === 0 ? "in sync" : `${seconds} s behind`}${beat}`),
    ...(iteratorAgeSeconds ? [textOf(iteratorAgeSeconds, (seconds) => `iterator age ${seconds} s`)] : []),
    textOf(quarantined, (count) => `${count} in quarantine${age}`),
    textOf(failures, (count) => `${count} in failure bucket`),
  ];
}

function checkRows(checks: StatusReport["checks"]): string[][] {
  if (!checks) return [["not requested: add --checks to call Route 53's control plane"]];
  if ("problem" in checks) return [[`unknown (${checks.problem})`]];
  return checks.value.map(({ name, means, lastResult }) => [name, means, lastResult]);
}

/** Formats a known value. The concerns state why a value is unknown. */
function textOf<T>(state: Known<T>, text: (value: T) => string): string {
  return "value" in state ? text(state.value) : "unknown";
}

/** Maximum characters of a reason in a table. The concerns contain the whole text. */
const MAXIMUM_CELL = 40;

function short(text: string): string {
  return text.length <= MAXIMUM_CELL ? text : `${text.slice(0, MAXIMUM_CELL - 1)}…`;
}

function section(title: string, rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : ["", title, ...table(rows)];
}

/** Aligns the columns of rows. */
function table(cells: readonly (readonly string[])[]): string[] {
  const rows = cells.map((row) => row.map(plainLine));
  const widths = rows.reduce<number[]>(
    (sizes, row) => row.map((cell, index) => Math.max(columnsOf(cell), sizes[index] ?? 0)),
    [],
  );
  return rows.map((row) =>
    `  ${row.map((cell, index) => cell + " ".repeat(widths[index] - columnsOf(cell))).join("  ")}`.trimEnd(),
  );
}
