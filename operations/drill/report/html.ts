import { escapeMarkup } from "../../../shared/escape-markup";
import { CLIENT_LABELS, KEEP_ALIVE_LABELS } from "../scenario";
import {
  clientCells,
  clientNames,
  factsOf,
  KEEP_ALIVE_TEXT,
  keepAliveNames,
  overallText,
  timelineOf,
} from "./markdown";
import { plotOf } from "./plot";
import type { ClientFigures } from "./figures";
import type { DrillReport } from "./report";

const STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#1a1d23, #e8eaee); --quiet: light-dark(#5b6270, #9ba3b1);
  --line: light-dark(#dfe2e8, #323844); --good: light-dark(#3c9a72, #2f8f68); --bad: light-dark(#d33c31, #e0675e);
  --primary: light-dark(#2f66d6, #6f9bff); --secondary: light-dark(#d98a1f, #e5a64b); }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem; color: var(--ink); background: light-dark(#fff, #14171c);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { margin-bottom: 0; } .quiet { color: var(--quiet); } .scroll { position: relative; overflow-x: auto; }
.hint { display: none; margin: 0; color: var(--quiet); }
@media (max-width: 58rem) { .hint { display: block; } }
table { border-collapse: collapse; margin: 0.5rem 0 1.5rem; }
th, td { padding: 0.25rem 0.75rem 0.25rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th, .met, .not-met, .key { white-space: nowrap; } .clients td + td { text-align: right; } .clients th + th { text-align: right; }
svg { display: block; width: 100%; min-width: 56rem; font: 11px system-ui, sans-serif; fill: var(--ink); }
rect.primary { fill: var(--primary); } rect.secondary { fill: var(--secondary); } rect.good { fill: var(--good); }
rect.bad { fill: var(--bad); } rect.none { fill: var(--line); }
line { stroke: var(--quiet); stroke-dasharray: 3 3; } line.fault { stroke: var(--bad); } line.failback { stroke: var(--good); }
.key { margin-right: 1em; }
.key::before { content: ""; display: inline-block; width: 0.8em; height: 0.8em; margin-right: 0.35em; background: var(--c); }
.met { color: var(--good); } .inconclusive { color: var(--secondary); font-weight: bold; white-space: nowrap; } .not-met { color: var(--bad); font-weight: bold; }`;

/** Names of the values of `clientCells`, in order. One column per client fits on a phone; one row per client does not. */
const CLIENT_ROWS = [
  "requests",
  "failed",
  "RTO",
  "other region after",
  "without service",
  "p50",
  "p99",
  "slowest",
] as const;

/** Renders the report as one self-contained HTML file. */
export function htmlOf(report: DrillReport): string {
  const { scenario, environment, expectations, figures, observations, verdict } = report;
  const start = Date.parse(report.startedAt);
  const phases = observations.phases.map(
    ({ at, text }) => `<li>${textOf(`${((at - start) / 1000).toFixed(1)} s: ${text}`)}</li>`,
  );
  const results = expectations.map(({ expected, verdict: one, figure }) => [
    cell(expected),
    `<td class="${one.replace(" ", "-")}">${one}</td>`,
    cell(figure),
  ]);
  const keepAlive = figures.keepAliveClients;
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Drill: ${escapeMarkup(scenario.name)}</title><style>${STYLE}</style></head>
<body>
<h1>Drill: ${escapeMarkup(scenario.name)}</h1>
<p>${escapeMarkup(scenario.title)}. <strong class="${verdict.replace(" ", "-")}">${overallText(report)}.</strong></p>
<p class="quiet">Stack ${escapeMarkup(environment.stack)} on ${escapeMarkup(environment.where)}, speed ${environment.speed}, seed ${report.seed}, ${report.startedAt}, Node ${environment.node}. ${escapeMarkup(environment.honesty)}</p>
<h2>Timeline</h2>
<p class="hint">Wider than this window: scroll it sideways →</p>
<div class="scroll" tabindex="0" role="region" aria-label="Plot">${plotOf(report)}</div>
<p class="quiet">${key("primary", environment.primary)}
${key("secondary", `${environment.secondary}, or taken over`)}
${key("good", "healthy")} ${key("bad", "failed")}</p>
<ol>${phases.join("")}</ol>
<h2>Expected</h2>
${table(["expectation", "", "figure"], results)}
<h2>Measured</h2>
${table(
  ["what", "figure"],
  factsOf(report).map((row) => row.map(cell)),
)}
<h2>Clients</h2>
${clientTable(
  clientNames(figures.clients).map((name) => CLIENT_LABELS[name]),
  Object.values(figures.clients),
)}
<h2>Clients with keep-alive</h2>
<p class="quiet">${textOf(KEEP_ALIVE_TEXT)}</p>
${clientTable(
  keepAliveNames(keepAlive).map((name) => KEEP_ALIVE_LABELS[name]),
  Object.values(keepAlive),
)}
<h2>What happened</h2>
${table(
  ["after", "what"],
  timelineOf(report).map((row) => row.map(cell)),
)}
</body>
</html>
`;
}

/** One column per client. */
function clientTable(labels: readonly string[], figures: readonly ClientFigures[]): string {
  const clients = figures.map(clientCells);
  const rows = CLIENT_ROWS.map((name, index) => [name, ...clients.map((cells) => cells[index])].map(cell));
  return `<div class="clients">${table(["", ...labels], rows)}</div>`;
}

function cell(text: string): string {
  return `<td>${textOf(text)}</td>`;
}

/** Legend entry. @param color name of a color variable of the style. */
function key(color: string, text: string): string {
  return `<span class="key" style="--c: var(--${color})">${escapeMarkup(text)}</span>`;
}

/** Escapes a text and prevents line breaks between a figure and its unit. */
function textOf(text: string): string {
  return escapeMarkup(text)
    .replace(/(\d) (m?s)\b/g, "$1\u00a0$2")
    .replace(/\b(p\d\d) (\d)/g, "$1\u00a0$2");
}

/** @param rows rows of `td` elements. */
function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = headings.map((heading) => `<th>${escapeMarkup(heading)}</th>`).join("");
  const body = rows.map((cells) => `<tr>${cells.join("")}</tr>`).join("\n");
  return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table></div>`;
}
