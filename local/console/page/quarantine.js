// Section of the quarantine: records that replication could not apply, and the redrive of each region.

import { element, keyedList, setAttribute, setText } from "./dom.js";
import { getJson, reasonOf } from "./requests.js";
import { redriveControls } from "./redrive.js";

/** Time after which the records are requested again even if their number is the same. */
const INTERVAL_MS = 5_000;

/**
 * Shows the quarantine of each region in an element.
 * @returns a function that takes the state, and requests the records when their number has changed.
 */
export function quarantineSection(parent) {
  const show = keyedList(parent, (quarantine) => regionPart(quarantine, refresh));
  let shownFor;
  let shownAt = -Infinity;
  let isLoading = false;

  async function refresh() {
    isLoading = true;
    try {
      show(await getJson("/quarantine"), ({ region }) => region);
    } catch {
      // The page reports that the console does not respond. The shown records stay.
    }
    shownAt = performance.now();
    isLoading = false;
  }

  return ({ replication, regions }) => {
    const counts = replication.map(({ quarantined, onFailure }) => [quarantined, onFailure]);
    const key = JSON.stringify([counts, regions.map(({ state }) => state === "down")]);
    if (isLoading || (key === shownFor && performance.now() - shownAt < INTERVAL_MS)) return;
    shownFor = key;
    void refresh();
  };
}

function regionPart({ region }, refresh) {
  const title = element("h3", { id: `quarantine-${region}`, tabindex: "-1" }, "");
  const problem = element("p", { class: "bad" });
  const list = element("ul", { class: "records", "aria-labelledby": `quarantine-${region}` });
  const more = element("p", { class: "quiet" });
  let reasons = new Map();
  let entries = [];
  const showEntries = keyedList(list, (entry) => recordEntry(region, entry));
  const controls = redriveControls(region, async (lines) => {
    reasons = reasonsIn(lines, entries);
    await refresh();
  });
  const node = element("div", { class: "quarantine" }, title, problem, list, more, controls);
  const update = (quarantine) => {
    entries = quarantine.entries;
    setText(title, `Written in ${region}: ${countText(quarantine)}`);
    setText(problem, quarantine.problem ?? "");
    problem.hidden = quarantine.problem === undefined;
    showEntries(
      entries.map((entry) => ({ ...entry, stays: reasons.get(entry.id) })),
      ({ place, id }) => `${place} ${id}`,
    );
    const hidden = quarantine.total - entries.length;
    setText(more, hidden > 0 ? `${hidden} more are not listed.` : "");
    more.hidden = hidden <= 0;
  };
  return { node, update };
}

function countText({ problem, total }) {
  if (problem !== undefined) return "unknown";
  if (total === 0) return "nothing in quarantine";
  return total === 1 ? "1 record in quarantine" : `${total} records in quarantine`;
}

/** Returns why entries stay, by their ids, from the lines of a redrive. */
function reasonsIn(lines, entries) {
  const found = entries.map(({ id }) => {
    const line = lines.find((candidate) => candidate.includes(` ${id}: `));
    return [id, line?.slice(line.indexOf(` ${id}: `) + id.length + 3)];
  });
  return new Map(found.filter(([, reason]) => reason !== undefined));
}

function recordEntry(region, { id, place, item, error, at, reason }) {
  const name = element("strong", {}, item ?? "No record");
  const why = element("span", {}, [error, reason].filter(Boolean).join(": "));
  const facts = element("span", { class: "quiet" });
  const stays = element("span", { class: "held" });
  const json = element(
    "pre",
    { tabindex: "0", role: "group", "aria-label": `Whole record of ${item ?? id}` },
    "Loading …",
  );
  const details = element(
    "details",
    {},
    element("summary", {}, name, " ", why, " ", facts, " ", stays),
    json,
  );
  details.addEventListener("toggle", async () => {
    if (!details.open) return;
    const path = `/quarantine/${encodeURIComponent(region)}/${encodeURIComponent(id)}`;
    try {
      setText(json, JSON.stringify((await getJson(path)).content, undefined, 2));
    } catch (failure) {
      setText(json, reasonOf(failure));
    }
  });
  const update = (entry) => {
    const where = place === "queue" ? `message ${id}` : `object ${id}`;
    const hidden = entry.isHidden ? ["received by a running command"] : [];
    setText(facts, [`quarantined ${new Date(at).toLocaleString("en-GB")}`, where, ...hidden].join(", "));
    setText(stays, entry.stays === undefined ? "" : `Stays after the redrive: ${entry.stays}`);
    setAttribute(stays, "hidden", entry.stays === undefined ? "" : undefined);
  };
  return { node: element("li", {}, details), update };
}
