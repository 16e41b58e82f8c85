// Chart of the replication lag of one direction over the last two minutes.

import { drawing, element, setAttribute, setText } from "./dom.js";

const WIDTH = 460;
const HEIGHT = 150;
const PLOT = { left: 70, right: 450, top: 12, bottom: 122 };
const SHOWN_MS = 120_000;
/** Points further apart than this are not connected, because nothing was measured between them. */
const JOINED_MS = 10_000;
/** Minimum upper end of the scale, in milliseconds. */
const MINIMUM_SCALE_MS = 100;

/** Creates the chart of a direction: `{ node, update(direction, now) }`. */
export function lagChart({ from, to }) {
  const title = `${from} → ${to}`;
  const marks = drawing("g");
  const scale = [0, 0.5, 1].map((share) => ({
    share,
    text: drawing("text", { class: "tick", "text-anchor": "end" }),
  }));
  const empty = drawing(
    "text",
    { class: "tick", x: middle(), y: 70, "text-anchor": "middle" },
    "No writes in the last two minutes",
  );
  const chart = drawing(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" },
    ...frame(scale),
    marks,
    empty,
  );
  const figures = element("span", { class: "quiet" });
  const node = element(
    "figure",
    {},
    element("figcaption", {}, element("strong", {}, title), " ", figures),
    chart,
  );

  const update = ({ lagHistory }, now) => {
    const points = lagHistory.filter(({ at }) => at > now - SHOWN_MS);
    const top = scaleFor(points);
    for (const { share, text } of scale) setText(text, share === 0 ? "0" : duration(top * share));
    const place = placer(now, top);
    marks.replaceChildren(...line(points, "p99Ms", "p99", place), ...line(points, "p50Ms", "p50", place));
    setAttribute(empty, "visibility", points.length === 0 ? "visible" : "hidden");
    setText(figures, latest(points));
    setAttribute(chart, "aria-label", description(title, points));
  };
  return { node, update };
}

/** Creates the fixed parts: three horizontal lines with their values on the left, and the time axis. */
function frame(scale) {
  const lines = scale.flatMap(({ share, text }) => {
    const y = PLOT.bottom - share * (PLOT.bottom - PLOT.top);
    setAttribute(text, "x", PLOT.left - 6);
    setAttribute(text, "y", y + 4);
    return [drawing("line", { class: "grid", x1: PLOT.left, x2: PLOT.right, y1: y, y2: y }), text];
  });
  const times = [
    ["2 minutes ago", PLOT.left, "start"],
    ["1 minute ago", middle(), "middle"],
    ["now", PLOT.right, "end"],
  ].map(([text, x, anchor]) =>
    drawing("text", { class: "tick", x, y: HEIGHT - 10, "text-anchor": anchor }, text),
  );
  return [...lines, ...times];
}

function middle() {
  return (PLOT.left + PLOT.right) / 2;
}

/** Returns the upper end of the scale: 1, 2 or 5 times a power of ten, above every point. */
function scaleFor(points) {
  const highest = Math.max(MINIMUM_SCALE_MS, ...points.map(({ p99Ms }) => p99Ms));
  const power = 10 ** Math.floor(Math.log10(highest));
  return [1, 2, 5, 10].map((factor) => factor * power).find((end) => end >= highest);
}

function placer(now, top) {
  return (at, value) => ({
    x: PLOT.right - ((now - at) / SHOWN_MS) * (PLOT.right - PLOT.left),
    y: PLOT.bottom - (value / top) * (PLOT.bottom - PLOT.top),
  });
}

/** Draws the points of a percentile and the lines between consecutive points. */
function line(points, percentile, className, place) {
  const placed = points.map((point) => ({ at: point.at, ...place(point.at, point[percentile]) }));
  const path = placed
    .map(({ at, x, y }, index) => {
      const isJoined = index > 0 && at - placed[index - 1].at <= JOINED_MS;
      return `${isJoined ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join("");
  const dots = placed.map(({ x, y }) =>
    drawing("circle", { class: className, cx: x.toFixed(1), cy: y.toFixed(1), r: 2.5 }),
  );
  return [drawing("path", { class: className, d: path }), ...dots];
}

function latest(points) {
  const last = points.at(-1);
  return last ? `latest p50 ${duration(last.p50Ms)}, p99 ${duration(last.p99Ms)}` : "";
}

function description(title, points) {
  if (points.length === 0) return `Lag of ${title}: no writes in the last two minutes.`;
  const highest = Math.max(...points.map(({ p99Ms }) => p99Ms));
  return `Lag of ${title} in the last two minutes: ${latest(points)}, highest p99 ${duration(highest)}.`;
}

/** Formats milliseconds: `80 ms`, `2.5 s`. */
export function duration(ms) {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${Number((ms / 1000).toFixed(1))} s`;
}
