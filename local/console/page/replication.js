// Section of replication: a row of figures and a chart for each direction.

import { element, keyedList, setText } from "./dom.js";
import { duration, lagChart } from "./lag-chart.js";

const CELLS = {
  "Oldest pending": ({ lagMs }) => (lagMs === 0 ? "none" : `${(lagMs / 1000).toFixed(1)} s`),
  "Lag p50 / p99": ({ lagP50Ms, lagP99Ms }) =>
    lagP50Ms === undefined ? "–" : `${duration(lagP50Ms)} / ${duration(lagP99Ms)}`,
  Applied: ({ applied }) => applied,
  Conflicts: ({ conflicts }) => conflicts,
  "Failed batches": ({ failedBatches }) => failedBatches,
  Quarantined: ({ quarantined }) => quarantined,
  "On failure": ({ onFailure }) => onFailure,
};

/** Shows replication in the elements of the section. */
export function replicationTable(rows, charts, errors) {
  const showRows = keyedList(rows, replicationRow);
  let now = 0;
  const showCharts = keyedList(charts, (direction) => {
    const { node, update } = lagChart(direction);
    return { node, update: (next) => update(next, now) };
  });
  return ({ replication, at }) => {
    now = at;
    showRows(replication, directionOf);
    showCharts(replication, directionOf);
    const problems = replication.filter(({ lastError }) => lastError);
    setText(errors, problems.map((problem) => `${directionOf(problem)}: ${problem.lastError}.`).join(" "));
  };
}

function directionOf({ from, to }) {
  return `${from} → ${to}`;
}

/** Each cell carries its heading, because on a phone the cells are stacked. */
function replicationRow(direction) {
  const cells = Object.entries(CELLS).map(([heading, textOf]) => ({
    node: element("td", { "data-heading": heading }),
    textOf,
  }));
  const name = element("th", { scope: "row" }, directionOf(direction));
  const update = (next) => cells.forEach(({ node, textOf }) => setText(node, String(textOf(next))));
  return { node: element("tr", {}, name, ...cells.map(({ node }) => node)), update };
}
