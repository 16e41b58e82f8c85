// Dialog of one ticket: both items as JSON, and their replication attributes in words.

import { element, keepFocus, setText } from "./dom.js";
import { getJson, reasonOf } from "./requests.js";

const INTERVAL_MS = 1_000;
/** Longest value in one line of JSON, in characters. */
const MAXIMUM_LINE = 60;
const STATES = { ticket: "a ticket", tombstone: "a tombstone", missing: "no item", unknown: "no response" };

/**
 * Prepares the dialog.
 * @param byId returns an element of the page.
 * @param follow shows the logs of an id.
 * @returns `open(id)`, which shows a ticket and keeps it current until the dialog is closed.
 */
export function ticketDialog(byId, follow) {
  const dialog = byId("ticket-dialog");
  let shown;
  let timer;

  async function refresh() {
    clearTimeout(timer);
    const id = shown.id;
    const text = await load(id);
    if (!dialog.open || shown.id !== id) return;
    // An unchanged ticket keeps the selection and the scroll positions.
    if (shown.text !== text) show(JSON.parse(text));
    shown.text = text;
    timer = setTimeout(refresh, INTERVAL_MS);
  }

  async function load(id) {
    try {
      return JSON.stringify(await getJson(`/tickets/${encodeURIComponent(id)}`));
    } catch (error) {
      return JSON.stringify({ problem: reasonOf(error), items: [], differences: [] });
    }
  }

  function show({ comparison, problem, differences, items }) {
    const differing = differences.length === 0 ? "" : `Attributes that differ: ${differences.join(", ")}.`;
    setText(byId("ticket-comparison"), problem ?? comparison.text);
    setText(byId("ticket-differences"), differing);
    const parts = byId("ticket-items");
    const replace = () => parts.replaceChildren(...items.map((item) => itemPart(item, differences)));
    keepFocus(parts, replace, byId("ticket-close"));
  }

  dialog.addEventListener("close", () => {
    clearTimeout(timer);
    // The browser returns the focus to the row, unless the ticket is not listed any more.
    const { activeElement } = document;
    if (activeElement === document.body || dialog.contains(activeElement)) byId("tickets-title").focus();
  });
  byId("ticket-close").addEventListener("click", () => dialog.close());
  byId("ticket-follow").addEventListener("click", () => {
    dialog.close();
    follow(shown.id);
  });
  return {
    open(id) {
      shown = { id };
      setText(byId("ticket-title"), `Ticket ${id}`);
      show({ comparison: { text: "Loading …" }, differences: [], items: [] });
      dialog.showModal();
      return refresh();
    },
  };
}

function itemPart({ region, state, json, attributes }, differences) {
  const explained = attributes.flatMap(({ name, value, meaning }) => [
    element("dt", {}, name),
    element("dd", {}, ...(value === undefined ? [] : [element("code", {}, value), " "]), meaning),
  ]);
  const parts =
    json === undefined
      ? []
      : [element("dl", { class: "explained" }, ...explained), jsonPart(region, json, differences)];
  return element("div", {}, element("h3", {}, `${region}: ${STATES[state]}`), ...parts);
}

/** Shows an item as JSON, attribute by attribute. The attributes that differ are marked. */
function jsonPart(region, json, differences) {
  const names = Object.keys(json).sort();
  const lines = names.flatMap((name, index) => {
    const end = index === names.length - 1 ? "" : ",";
    const text = `  ${JSON.stringify(name)}: ${valueText(json[name])}${end}`;
    return [differences.includes(name) ? element("mark", {}, text) : text, "\n"];
  });
  const label = `Item in ${region} as JSON`;
  return element("pre", { tabindex: "0", role: "group", "aria-label": label }, "{\n", ...lines, "}");
}

/** Returns a value as JSON: in one line if it is short. */
function valueText(value) {
  const line = JSON.stringify(value);
  return line.length <= MAXIMUM_LINE ? line : JSON.stringify(value, undefined, 2).replace(/\n/g, "\n  ");
}
