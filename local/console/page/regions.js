// Cards of the regions: their state, addresses and ticket count, and the buttons that change their state.

import { element, keyedList, link, setAttribute, setPill, setText } from "./dom.js";

const STATE_TEXT = {
  up: { text: "up", className: "good" },
  down: { text: "stopped", className: "bad" },
  isolated: { text: "replication cut", className: "held" },
  unreachable: { text: "unreachable", className: "held" },
  "api-down": { text: "API down", className: "bad" },
  silent: { text: "silent", className: "bad" },
  throttled: { text: "database throttled", className: "bad" },
  "writes-fail": { text: "writes fail", className: "bad" },
  "dead-address": { text: "one address dead", className: "held" },
  "writes-unanswered": { text: "writes unanswered", className: "bad" },
  "api-writes-unanswered": { text: "API loses answers", className: "bad" },
  slow: { text: "slow", className: "held" },
};

const ACTIONS = [
  { state: "up", label: "Start", labelWhenIsolated: "Restore replication", labelWhenBroken: "Repair" },
  { state: "down", label: "Stop region" },
  { state: "isolated", label: "Cut replication" },
];

const FAULTS = [
  { state: "unreachable", label: "Leave calls between regions unanswered" },
  { state: "api-down", label: "Return 503 from API" },
  { state: "silent", label: "Never answer" },
  { state: "throttled", label: "Throttle database" },
  { state: "writes-fail", label: "Fail writes, pass health checks" },
  { state: "dead-address", label: "Break one address" },
  { state: "writes-unanswered", label: "Apply writes, answer none" },
  { state: "api-writes-unanswered", label: "Run writes, return 503" },
  { state: "slow", label: "Slow down" },
];

/**
 * Shows the regions in an element.
 * @param change receives a region's name and the state that a button requests.
 */
export function regionCards(parent, change) {
  const show = keyedList(parent, (region) => regionCard(region, change));
  return (regions) => show(regions, ({ name }) => name);
}

function regionCard({ name }, change) {
  const title = element("h2", { id: `region-${name}` }, name);
  const state = element("span");
  const takenOver = element("span", { class: "pill held", hidden: "" }, "has taken over");
  const tickets = element("span");
  const unit = element("small");
  const [actions, faults] = [ACTIONS, FAULTS].map((choices) =>
    choices.map((choice) => actionButton(name, choice, change)),
  );
  const role = element("span", { class: "quiet" });
  const facts = element("dl");
  const showFacts = keyedList(facts, factEntry);
  const node = element(
    "article",
    { class: "region", "aria-labelledby": `region-${name}` },
    element("div", { class: "region-title" }, title, role),
    element("div", { class: "pills" }, state, takenOver),
    element("p", { class: "figure" }, tickets, " ", unit),
    facts,
    element(
      "div",
      { class: "actions", role: "group", "aria-label": `Change ${name}` },
      ...actions.map(({ node }) => node),
    ),
    element(
      "div",
      { class: "actions faults", role: "group", "aria-label": `Break ${name}` },
      ...faults.map(({ node }) => node),
    ),
  );
  const update = (region) => {
    const { text, className } = STATE_TEXT[region.state];
    setAttribute(node, "data-state", region.state);
    setPill(state, text, className);
    setText(role, region.role);
    showFacts(factsOf(region), ({ term }) => term);
    takenOver.hidden = region.takenOver !== true;
    setText(tickets, region.tickets === undefined ? "–" : String(region.tickets));
    setText(unit, region.tickets === 1 ? "ticket in its table" : "tickets in its table");
    for (const button of [...actions, ...faults]) button.update(region);
  };
  return { node, update };
}

/** Returns what does not depend on the state. After a change of the program, a region may have other addresses. */
function factsOf({ code, api, ui, dynamodb, table }) {
  return [
    { term: "Region", value: code },
    ...(ui === undefined ? [] : [{ term: "Web UI", url: ui }]),
    { term: "API", url: `${api}/tickets` },
    { term: "DynamoDB", value: dynamodb },
    { term: "Table", value: table },
  ];
}

function factEntry({ term, url }) {
  const value = url === undefined ? element("dd") : element("dd", {}, link(url));
  const shown = value.firstElementChild ?? value;
  const update = (fact) => {
    setText(shown, fact.url ?? fact.value);
    if (fact.url !== undefined) setAttribute(shown, "href", fact.url);
  };
  return { node: element("div", {}, element("dt", {}, term), value), update };
}

/** Creates a button. It is disabled while the region has its state, but keeps the focus after a click. */
function actionButton(name, { state, label, labelWhenIsolated, labelWhenBroken }, change) {
  const node = element("button", { type: "button" });
  const update = (region) => {
    const isBroken = region.state !== "down" && region.state !== "up";
    const other = region.state === "isolated" ? labelWhenIsolated : isBroken && labelWhenBroken;
    setText(node, other || label);
    setAttribute(node, "aria-label", `${node.textContent}: ${name}`);
    setAttribute(node, "aria-disabled", region.state === state ? "true" : undefined);
  };
  const isOff = () =>
    ["aria-disabled", "aria-busy"].some((attribute) => node.getAttribute(attribute) === "true");
  node.addEventListener("click", async () => {
    if (isOff()) return;
    setAttribute(node, "aria-busy", "true");
    await change(name, state);
    setAttribute(node, "aria-busy", undefined);
  });
  return { node, update };
}
