// Section of Route 53: current DNS answers and health checks.

import { element, keyedList, setAttribute, setPill, setText } from "./dom.js";

/** Colors by subject of the check. The check of a takeover is inverted: it is healthy while there is no takeover. */
const COLORS = {
  health: { healthy: "good", unhealthy: "bad" },
  role: { healthy: "good", unhealthy: "held" },
  takeover: { healthy: "quiet", unhealthy: "held" },
};

/** Shows routing in the elements of the section. */
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
    const location = next.isEdge ? "CloudFront" : next.region;
    setText(answer, location ? `${next.answer}, ${location}` : next.answer);
  };
  return { node: element("div", {}, element("dt", {}, name), answer), update };
}

function healthCheckEntry({ name }) {
  const verdict = element("span");
  const result = element("span", { class: "quiet" });
  const node = element("li", {}, verdict, " ", element("span", {}, name), " ", result);
  const update = ({ target, healthy, means, about, lastResult }) => {
    setAttribute(node, "title", target);
    setPill(verdict, means, COLORS[about][healthy ? "healthy" : "unhealthy"]);
    setText(result, lastResult);
  };
  return { node, update };
}
