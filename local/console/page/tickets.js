// Section of tickets: the items of both regions side by side, newest first, page by page.

import { element, keyedList, setAttribute, setPill, setText } from "./dom.js";
import { getJson, reasonOf, repeated } from "./requests.js";
import { ticketDialog } from "./ticket-dialog.js";
import { preciseTime } from "./times.js";

const INTERVAL_MS = 1_000;
/** A page of tombstones costs more, because it scans a part of both tables. */
const DELETED_INTERVAL_MS = 5_000;

const KINDS = {
  equal: { label: "equal", className: "good" },
  pending: { label: "differs", className: "held" },
  conflict: { label: "conflict", className: "bad" },
  broken: { label: "broken", className: "bad" },
  unknown: { label: "unknown", className: "quiet" },
};

const STATES = { tombstone: "deleted (tombstone)", missing: "missing", unknown: "no response" };

/**
 * Shows the tickets.
 * @param byId returns an element of the page.
 * @param follow shows the logs of an id.
 */
export function ticketSection(byId, follow) {
  const dialog = ticketDialog(byId, follow);
  const showRows = keyedList(byId("ticket-rows"), (ticket) => ticketRow(ticket, dialog.open));
  const showHeadings = keyedList(byId("ticket-headings"), (name) => ({
    node: element("th", { scope: "col" }, name),
    update: () => undefined,
  }));
  let isDeleted = false;
  /** Positions of the shown page and of the pages before it; the first one is the beginning. */
  let positions = [""];
  let next;

  const refresh = repeated(async () => {
    const asked = positions;
    const query = new URLSearchParams({ after: asked.at(-1), deleted: isDeleted });
    try {
      const page = await getJson(`/tickets?${query}`);
      // The operator has turned the page in the meantime, which has queued a refresh.
      if (positions !== asked) return INTERVAL_MS;
      showHeadings(["Ticket", ...page.regions, "Comparison"], (name) => name);
      showRows(page.tickets, ({ id }) => id);
      next = page.next;
      setText(byId("tickets-note"), noteOf(page));
    } catch (error) {
      setText(byId("tickets-note"), reasonOf(error));
    }
    setAttribute(byId("tickets-newer"), "aria-disabled", positions.length === 1 ? "true" : undefined);
    setAttribute(byId("tickets-older"), "aria-disabled", next === undefined ? "true" : undefined);
    return isDeleted ? DELETED_INTERVAL_MS : INTERVAL_MS;
  });

  function noteOf({ tickets }) {
    const page = `Page ${positions.length}`;
    if (!isDeleted) return tickets.length === 0 ? `${page}: no tickets.` : `${page}, newest first.`;
    if (tickets.length > 0) return `${page} of tombstones, in parts of the tables.`;
    return next === undefined
      ? `${page}: no tombstones.`
      : `${page}: no tombstones in this part of the tables.`;
  }

  const turnTo = (newPositions) => {
    positions = newPositions;
    next = undefined;
    void refresh();
  };
  const choose = (deleted) => {
    isDeleted = deleted;
    setAttribute(byId("tickets-live"), "aria-pressed", !deleted);
    setAttribute(byId("tickets-deleted"), "aria-pressed", deleted);
    turnTo([""]);
  };
  byId("tickets-live").addEventListener("click", () => choose(false));
  byId("tickets-deleted").addEventListener("click", () => choose(true));
  byId("tickets-newer").addEventListener("click", () => {
    if (positions.length > 1) turnTo(positions.slice(0, -1));
  });
  byId("tickets-older").addEventListener("click", () => {
    if (next !== undefined) turnTo([...positions, next]);
  });
  byId("ticket-search").addEventListener("submit", (event) => {
    event.preventDefault();
    void dialog.open(byId("ticket-id").value.trim());
  });
}

/** Each cell carries its heading, because on a phone the cells are stacked. */
function ticketRow({ id, items }, open) {
  const button = element("button", { type: "button", class: "id" }, id);
  button.addEventListener("click", () => open(id));
  const cells = items.map(({ region }) => itemCell(region));
  const pill = element("span");
  const text = element("span");
  const node = element(
    "tr",
    {},
    element("th", { scope: "row" }, button),
    ...cells.map(({ node }) => node),
    element("td", { "data-heading": "Comparison" }, element("div", { class: "verdict" }, pill, " ", text)),
  );
  const update = ({ comparison, items: next }) => {
    const { label, className } = KINDS[comparison.kind];
    setAttribute(node, "data-kind", comparison.kind);
    setPill(pill, label, className);
    setText(text, comparison.text);
    cells.forEach((cell, index) => cell.update(next[index], comparison.behind));
  };
  return { node, update };
}

function itemCell(region) {
  const subject = element("bdi", { class: "subject" });
  const facts = element("span", { class: "quiet" });
  const node = element("td", { "data-heading": region }, element("div", {}, subject, facts));
  const update = (item, behind) => {
    const isBehind = behind === region;
    setAttribute(node, "class", isBehind ? "behind" : undefined);
    setText(subject, item.state === "ticket" ? (item.subject ?? "without a subject") : STATES[item.state]);
    const version = item.version === undefined ? [] : [writtenText(item)];
    const older = isBehind && item.version !== undefined ? ["older version"] : [];
    setText(facts, [...(item.status ? [item.status] : []), ...version, ...older].join(", "));
    setAttribute(facts, "title", item.version);
  };
  return { node, update };
}

function writtenText({ writtenAt, origin }) {
  return writtenAt === undefined
    ? "no valid version"
    : `${preciseTime(writtenAt)} from ${origin ?? "no region"}`;
}
