// The regions: what each one is and has, and the buttons that stop, start and isolate it.

import { element, keyedList, link, setAttribute, setPill, setText } from "./dom.js";

const STATE_TEXT = {
  up: { text: "up", className: "good" },
  down: { text: "stopped", className: "bad" },
  isolated: { text: "replication cut", className: "held" },
};

const ACTIONS = [
  { state: "up", label: "Start", labelWhenIsolated: "Join replication" },
  { state: "down", label: "Stop region" },
  { state: "isolated", label: "Cut replication" },
];

/**
 * Shows regions in an element.
 * @param change is called with a region's name and the state that a button asks for.
 */
export function regionCards(parent, change) {
  const show = keyedList(parent, (region) => regionCard(region, change));
  // Started again, the local cloud may have its regions elsewhere.
  return (regions) => show(regions, ({ name, api, table }) => `${name} ${api} ${table}`);
}

function regionCard({ name, code, role, api, ui, dynamodb, table }, change) {
  const title = element("h2", { id: `region-${name}` }, name);
  const state = element("span");
  const tickets = element("span");
  const buttons = ACTIONS.map((action) => actionButton(name, action, change));
  const facts = [
    ["Region", code],
    ...(ui === undefined ? [] : [["Page", link(ui)]]),
    ["API", link(`${api}/tickets`)],
    ["DynamoDB", dynamodb],
    ["Table", table],
  ];
  const node = element(
    "article",
    { class: "region", "aria-labelledby": `region-${name}` },
    element("div", { class: "region-title" }, title, state, element("span", { class: "pill quiet" }, role)),
    element("p", { class: "figure" }, tickets, " ", element("small", {}, "tickets in its table")),
    element(
      "dl",
      {},
      ...facts.flatMap(([term, value]) => [element("dt", {}, term), element("dd", {}, value)]),
    ),
    element(
      "div",
      { class: "actions", role: "group", "aria-label": `Change ${name}` },
      ...buttons.map(({ node }) => node),
    ),
  );
  const update = (region) => {
    const { text, className } = STATE_TEXT[region.state];
    setAttribute(node, "data-state", region.state);
    setPill(state, text, className);
    setText(tickets, region.tickets === undefined ? "–" : String(region.tickets));
    buttons.forEach((button) => button.update(region));
  };
  return { node, update };
}

/** A button whose state the region has already cannot be pressed, but keeps the focus of who has just pressed it. */
function actionButton(name, { state, label, labelWhenIsolated }, change) {
  const node = element("button", { type: "button" });
  const update = (region) => {
    setText(node, region.state === "isolated" && labelWhenIsolated ? labelWhenIsolated : label);
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
