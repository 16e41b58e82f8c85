// Section of logs: the lines of every function, filtered, live, and oldest first.

import { element, keyedList, setAttribute, setPill, setText } from "./dom.js";
import { logFilter } from "./log-filter.js";
import { getJson, reasonOf, repeated } from "./requests.js";
import { preciseTime } from "./times.js";

const INTERVAL_MS = 1_000;
/** Maximum number of shown lines. */
const MAXIMUM_LINES = 500;
const COLORS = { DEBUG: "quiet", INFO: "quiet", WARN: "held", ERROR: "bad" };

/**
 * Shows the logs.
 * @param byId returns an element of the page.
 * @returns a function that follows an id, and moves there.
 */
export function logSection(byId) {
  const list = byId("log-lines");
  const showLines = keyedList(list, (entry) => logLine(entry, (id) => filter.follow(id)));
  const filter = logFilter(byId, () => restart());
  let entries = [];
  let newest = 0;
  let run;
  let isPaused = false;
  /** Whether the next response replaces the shown lines. */
  let isNew = true;

  const refresh = repeated(async () => {
    if (!isPaused || isNew) await load();
    return INTERVAL_MS;
  });

  async function load() {
    // Lines that are already shown can become part of a followed request later.
    const isWhole = isNew || filter.isFollowing();
    const query = filter.query();
    query.set("after", isWhole ? 0 : newest);
    query.set("limit", MAXIMUM_LINES);
    isNew = false;
    try {
      const logs = await getJson(`/logs?${query}`);
      if (isNew) return;
      // After a restart of the local cloud, the numbers start again.
      isNew = logs.run !== run && !isWhole;
      run = logs.run;
      if (isNew) return;
      newest = logs.newest;
      entries = (isWhole ? logs.entries : [...entries, ...logs.entries]).slice(-MAXIMUM_LINES);
      filter.offer(logs.sources);
      show();
    } catch (error) {
      setText(byId("logs-note"), reasonOf(error));
    }
  }

  function show() {
    const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 4;
    showLines(entries, ({ number, at }) => `${run} ${number} ${at}`);
    if (isAtEnd) list.scrollTop = list.scrollHeight;
    const count = entries.length === 1 ? "1 line" : `${entries.length} lines`;
    setText(byId("logs-note"), `${count}${isPaused ? ", paused" : ""}.`);
  }

  function restart() {
    isNew = true;
    void refresh();
  }

  byId("logs-pause").addEventListener("click", () => {
    isPaused = !isPaused;
    setText(byId("logs-pause"), isPaused ? "Resume" : "Pause");
    show();
    void refresh();
  });
  return (id) => {
    filter.follow(id);
    byId("logs").scrollIntoView();
    byId("logs-title").focus();
  };
}

function logLine({ at, region, source, level, text, line, requestId }, follow) {
  const when = element("time", { datetime: new Date(at).toISOString() }, preciseTime(at));
  const severity = element("span");
  setPill(severity, level, COLORS[level]);
  const where = element("strong", {}, [region, source].filter(Boolean).join(" "));
  const details = element(
    "details",
    {},
    element("summary", {}, when, severity, where, " ", element("span", {}, text)),
  );
  details.addEventListener(
    "toggle",
    () => {
      const json = element("pre", { tabindex: "0", role: "group", "aria-label": "Whole line" }, pretty(line));
      if (requestId === undefined) return details.append(json);
      const button = element("button", { type: "button" }, `Follow request ${requestId}`);
      button.addEventListener("click", () => follow(requestId));
      details.append(json, button);
    },
    { once: true },
  );
  const node = element("li", {}, details);
  setAttribute(node, "data-level", level);
  return { node, update: () => undefined };
}

function pretty(line) {
  try {
    return JSON.stringify(JSON.parse(line), undefined, 2);
  } catch {
    // A line of text.
    return line;
  }
}
