import { machineText } from "../machine";
import { DNS } from "../observations";
import { CLIENT_LABELS, type ClientName, KEEP_ALIVE_LABELS, type KeepAliveClientName } from "../scenario";
import { dnsMoves } from "./dns-moves";
import type { ClientFigures } from "./figures";
import type { DrillReport } from "./report";

/** Headings of the tables of clients. */
const CLIENT_HEADINGS = [
  "client",
  "requests",
  "failed",
  "RTO",
  "served by the other region after",
  "without service",
  "p50",
  "p99",
  "slowest",
] as const;

/** Explanation of the clients with keep-alive. */
export const KEEP_ALIVE_TEXT =
  "These clients do not count for the verdict. Both read under the failover name on connections that they keep open. The first one does so for as long as " +
  "the region keeps a connection open, whatever it answers: it can stay with a region that returns 5xx, or that a takeover has left. The second one follows the " +
  "rules for clients: it closes its connections after a 5xx or a timeout, and at the latest after 60 s, divided by the speed.";

/** Renders the report as Markdown. */
export function markdownOf(report: DrillReport): string {
  const { scenario, environment, figures, expectations, startedAt } = report;
  return [
    `# Drill: ${scenario.name}`,
    `${scenario.title}. **${overallText(report)}.**`,
    `Stack ${environment.stack} on ${environment.where}, speed ${environment.speed}, seed ${report.seed}, ${startedAt}, Node ${environment.node}. ${environment.honesty}`,
    "## Expected",
    table(
      ["expectation", "", "figure"],
      expectations.map(({ expected, verdict, figure }) => [
        expected,
        verdict === "met" ? verdict : `**${verdict}**`,
        figure,
      ]),
    ),
    "## Measured",
    table(["what", "figure"], factsOf(report)),
    "## Clients",
    clientTable(clientNames(figures.clients), CLIENT_LABELS, figures.clients),
    "The writer and the reader follow DNS and cache an answer for its TTL. The web UI's client fails over by itself.",
    "## Clients with keep-alive",
    clientTable(keepAliveNames(figures.keepAliveClients), KEEP_ALIVE_LABELS, figures.keepAliveClients),
    KEEP_ALIVE_TEXT,
    "## What happened",
    table(["after", "what"], timelineOf(report)),
    "",
  ].join("\n\n");
}

/** Formats the verdict of the whole drill. */
export function overallText({ verdict }: Pick<DrillReport, "verdict">): string {
  if (verdict === "met") return "Every expectation was met";
  if (verdict === "not met") return "Not every expectation was met";
  return "Inconclusive: the machine was overloaded";
}

/** Figures of the drill, without those per client, as pairs of name and value. */
export function factsOf({ figures, environment }: DrillReport): [string, string][] {
  const { lag, failback } = figures;
  const lagText = ({ writes, p50, p99 }: typeof lag.overall): string =>
    writes === 0 ? "none" : `p50 ${p50} ms, p99 ${p99} ms (${writes} writes)`;
  return [
    ["RTO, writer that follows DNS", rtoOf(figures.clients.writer)],
    ["RTO, reader that follows DNS", rtoOf(figures.clients.reader)],
    ["RTO, web UI", rtoOf(figures.clients.page)],
    ["RPO: acknowledged writes lost", `${figures.lost} of ${figures.acknowledged}`],
    [
      `acknowledged, but not yet in ${environment.secondary} when DNS left ${environment.primary}`,
      lateOf(figures, environment.secondary),
    ],
    ["replication lag of writes acknowledged before the fault", lagText(lag.beforeFault)],
    ["replication lag over the whole drill", lagText(lag.overall)],
    ["conflicts, all of them kept", String(figures.conflicts)],
    ["machine", machineText(figures.machine)],
    ["time to gated failback, from the last repair", failbackOf(failback)],
  ];
}

/** Formats `rtoSeconds`. */
function rtoOf({ rtoSeconds }: ClientFigures): string {
  if (rtoSeconds === undefined) return "never interrupted";
  return rtoSeconds === null ? "never served again" : `${rtoSeconds} s`;
}

function lateOf(figures: DrillReport["figures"], secondary: string): string {
  const { lateAtTakeover, lateArrived, lateArrivedAfterMendSeconds: seconds } = figures;
  if (lateAtTakeover === 0) return "0";
  const missing = lateAtTakeover - lateArrived;
  if (missing > 0) return `${lateAtTakeover}; ${missing} of them never reached ${secondary}`;
  const when = seconds === undefined ? "later" : `${seconds} s after the repair`;
  return `${lateAtTakeover}; the last of them reached ${secondary} ${when}`;
}

function failbackOf({ needed, done, seconds, refusals }: DrillReport["figures"]["failback"]): string {
  if (!needed) return "no takeover";
  if (!done) return `not done; a gate refused it ${refusals === 1 ? "once" : `${refusals} times`}`;
  if (refusals === 0) return `${seconds} s`;
  return `${seconds} s; a gate refused it ${refusals === 1 ? "once" : `${refusals} times`}`;
}

/** Names of the clients in the order of the report. */
export function clientNames(clients: DrillReport["figures"]["clients"]): ClientName[] {
  return Object.keys(clients) as ClientName[];
}

/** Names of the clients with keep-alive in the order of the report. */
export function keepAliveNames(clients: DrillReport["figures"]["keepAliveClients"]): KeepAliveClientName[] {
  return Object.keys(clients) as KeepAliveClientName[];
}

/** One row per client. */
function clientTable<Name extends string>(
  names: readonly Name[],
  labels: Readonly<Record<Name, string>>,
  figures: Readonly<Record<Name, ClientFigures>>,
): string {
  const rows = names.map((name) => [labels[name], ...clientCells(figures[name])]);
  return table(CLIENT_HEADINGS, rows);
}

/** Formats the figures of a client as table cells. */
export function clientCells(client: ClientFigures): string[] {
  const { requests, failed, movedAfterSeconds, unavailableSeconds } = client;
  return [
    String(requests),
    String(failed),
    rtoOf(client),
    movedAfterSeconds === undefined ? "–" : `${movedAfterSeconds} s`,
    `${unavailableSeconds} s`,
    `${client.p50Milliseconds} ms`,
    `${client.p99Milliseconds} ms`,
    `${client.slowestMilliseconds} ms`,
  ];
}

/** Phases and changes in order of time, each with the seconds since the start. */
export function timelineOf(report: DrillReport): [string, string][] {
  const { observations, environment } = report;
  const start = Date.parse(report.startedAt);
  const { primary, secondary, speed } = environment;
  const moves = dnsMoves({ observations, primary, secondary, speed, startedAt: start });
  const events = [
    ...observations.phases.map(({ at, text }) => ({ at, text })),
    ...moves.map(({ at, value, leftOut }) => ({
      at,
      text: `${DNS}: ${value}${leftOut === undefined ? "" : ` (not counted: ${leftOut})`}`,
    })),
    ...observations.changes
      .filter(({ subject }) => subject !== DNS)
      .map(({ at, subject, value }) => ({ at, text: `${subject}: ${value}` })),
    ...observations.routing.map(({ at, what, by }) => ({
      at,
      text: `${what} stored in ${secondary}, by ${by}`,
    })),
  ].sort((left, right) => left.at - right.at);
  return events.map(({ at, text }) => [`${((at - start) / 1000).toFixed(1)} s`, text]);
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  return [line(headings), line(headings.map(() => "---")), ...rows.map(line)].join("\n");
}
