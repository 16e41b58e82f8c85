import { escapeMarkup } from "../../../shared/escape-markup";
import { DNS, healthOf, type Sample, TAKEOVER } from "../observations";
import { CLIENT_LABELS, type ClientName } from "../scenario";
import type { DrillReport } from "./report";

/** Sizes in pixels of the SVG view box. */
const WIDTH = 1000;
/** Space for the last label of the axis. */
const MARGIN = 20;
const LABEL_WIDTH = 130;
const LANE_HEIGHT = 30;
const TOP = 40;
const MARK_HEIGHT = 18;
/** Maximum columns of a client's lane. Requests in the same column are drawn as one mark. */
const COLUMNS = 400;
/** Clients in the order of their lanes. */
const CLIENTS = ["writer", "reader", "page"] as const;

interface Scale {
  /** Returns the x coordinate of a time. */
  readonly x: (at: number) => number;
  readonly end: number;
  readonly start: number;
}

/** Renders the timeline as one SVG element with lanes for DNS, the takeover, each region's health and each client. */
export function plotOf(report: DrillReport): string {
  const { observations, environment } = report;
  const scale = scaleOf(report);
  const subjects = [DNS, TAKEOVER, healthOf(environment.primary), healthOf(environment.secondary)];
  const lanes = [
    ...subjects.map((subject) => (y: number) => changesLane(report, scale, subject, y)),
    ...CLIENTS.map((client) => (y: number) => clientLane(report, scale, client, y)),
  ];
  const labels = [...subjects, ...CLIENTS.map((client) => CLIENT_LABELS[client])];
  const height = TOP + lanes.length * LANE_HEIGHT + 30;
  const drawn = lanes.map((draw, index) => {
    const y = TOP + index * LANE_HEIGHT;
    return `<text class="label" x="0" y="${y + 14}">${escapeMarkup(labels[index])}</text>${draw(y)}`;
  });
  return (
    `<svg viewBox="0 0 ${WIDTH + MARGIN} ${height}" role="img" aria-label="Timeline of the drill ${escapeMarkup(report.scenario.name)}">` +
    `${drawn.join("")}${phaseMarks(observations.phases, scale, height)}${axis(scale, height)}</svg>`
  );
}

function scaleOf({ observations, startedAt, endedAt }: DrillReport): Scale {
  // The start of the drill, as in the lists and tables, not the start of the traffic.
  const start = Date.parse(startedAt);
  const end = Math.max(start + 1, observations.phases.at(-1)?.at ?? Date.parse(endedAt));
  const x = (at: number): number => {
    const part = (Math.min(Math.max(at, start), end) - start) / (end - start);
    return Math.round((LABEL_WIDTH + part * (WIDTH - LABEL_WIDTH)) * 10) / 10;
  };
  return { x, start, end };
}

function changesLane(report: DrillReport, { x, start, end }: Scale, subject: string, y: number): string {
  const changes = report.observations.changes.filter((change) => change.subject === subject);
  const bars = changes.map(({ at, value }, index) => {
    const [from, to] = [x(Math.max(at, start)), x(changes[index + 1]?.at ?? end)];
    if (to <= from) return "";
    return rectangle(from, to - from, y, classOf(report, value), `${subject}: ${value}`);
  });
  return bars.join("");
}

/** CSS class of a value: a region, good or bad. */
function classOf({ environment }: DrillReport, value: string): string {
  if (value === environment.primary) return "primary";
  if (value === environment.secondary) return "secondary";
  if (value === "healthy") return "good";
  if (value === "no") return "none";
  return value === "yes" ? "secondary" : "bad";
}

/** Each column shows its worst request: a failed request hides successful ones. */
function clientLane(report: DrillReport, { x, start, end }: Scale, client: ClientName, y: number): string {
  const columns = new Map<number, Sample>();
  for (const sample of report.observations.samples) {
    if (sample.client !== client) continue;
    const column = Math.floor(((sample.at - start) / (end - start)) * COLUMNS);
    const known = columns.get(column);
    if (!known || known.ok) columns.set(column, sample);
  }
  const width = (WIDTH - LABEL_WIDTH) / COLUMNS;
  return [...columns.values()]
    .map((sample) => {
      const { ok, region = "", result, kind } = sample;
      const title = `${kind}: ${result}${region ? ` from ${region}` : ""}, ${sample.milliseconds} ms`;
      return rectangle(x(sample.at), width, y, ok ? classOf(report, region) : "bad", title);
    })
    .join("");
}

function rectangle(x: number, width: number, y: number, className: string, title: string): string {
  const size = `x="${x}" y="${y}" width="${Math.round(width * 10) / 10}" height="${MARK_HEIGHT}"`;
  return `<rect class="${className}" ${size}><title>${escapeMarkup(title)}</title></rect>`;
}

/** Numbered lines for the phases, with the numbers of the list below the plot. */
function phaseMarks(phases: DrillReport["observations"]["phases"], { x }: Scale, height: number): string {
  return phases
    .map(({ at, text, kind }, index) => {
      const place = x(at);
      const line = `<line class="${kind}" x1="${place}" x2="${place}" y1="22" y2="${height - 26}"/>`;
      return `<g class="phase"><title>${escapeMarkup(text)}</title>${line}<text x="${place}" y="${index % 2 === 0 ? 10 : 20}" text-anchor="middle">${index + 1}</text></g>`;
    })
    .join("");
}

function axis({ x, start, end }: Scale, height: number): string {
  const span = (end - start) / 1000;
  const steps = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600];
  const step = steps.find((candidate) => span / candidate <= 12) ?? 3600;
  const marks: string[] = [];
  for (let second = 0; second <= span; second += step)
    marks.push(
      `<text class="tick" x="${x(start + second * 1000)}" y="${height - 6}" text-anchor="middle">${second} s</text>`,
    );
  return marks.join("");
}
