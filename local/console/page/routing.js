// Route 53: what DNS answers, and the health checks.

import { element, keyedList, setAttribute, setPill, setText } from "./dom.js";

/** A takeover is neither good nor bad, and its check is the wrong way round: it is healthy while there is none. */
const COLOURS = {
  health: { healthy: "good", unhealthy: "bad" },
  role: { healthy: "good", unhealthy: "held" },
  takeover: { healthy: "quiet", unhealthy: "held" },
};

/** Shows routing in the elements of its section. */
export function routingLists(names, healthChecks) {
  const showNames = keyedList(names, nameEntry);
  const showChecks = keyedList(healthChecks, healthCheckEntry);
  return (state) => {
    showNames(state.names, ({ name }) => name);
    showChecks(state.healthChecks, ({ name }) => name);
  };
}

function nameEntry({ name }) {
  const answer = element("dd");
  const update = (next) => {
    const place = next.isEdge ? "CloudFront" : next.region;
    setText(answer, place ? `${next.answer}, ${place}` : next.answer);
  };
  return { node: element("div", {}, element("dt", {}, name), answer), update };
}

function healthCheckEntry({ name }) {
  const verdict = element("span");
  const result = element("span", { class: "quiet" });
  const node = element("li", {}, verdict, " ", element("span", {}, name), " ", result);
  const update = ({ target, healthy, means, about, lastResult }) => {
    setAttribute(node, "title", target);
    setPill(verdict, means, COLOURS[about][healthy ? "healthy" : "unhealthy"]);
    setText(result, lastResult);
  };
  return { node, update };
}
