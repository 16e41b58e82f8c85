// Filter of the logs: region, function, level, text, and the request or ticket that is followed.

import { element, setText } from "./dom.js";

/** Time without typing after which a text filters. */
const TYPING_MS = 250;

/**
 * Prepares the filter.
 * @param byId returns an element of the page.
 * @param changed called after every change.
 */
export function logFilter(byId, changed) {
  const [region, source, level] = ["log-region", "log-source", "log-level"].map(byId);
  const [text, follow, routine] = ["log-text", "log-follow", "log-routine"].map(byId);
  let offered = "";
  let timer;

  for (const field of [region, source, level, routine]) field.addEventListener("change", changed);
  for (const field of [text, follow])
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(changed, TYPING_MS);
    });
  byId("log-filter").addEventListener("submit", (event) => event.preventDefault());
  byId("log-filter").addEventListener("reset", () => {
    // The browser resets the fields after this event.
    setTimeout(changed, 0);
  });

  return {
    query() {
      return new URLSearchParams({
        region: region.value,
        source: source.value,
        level: level.value,
        text: text.value,
        follow: follow.value.trim(),
        routine: routine.checked,
      });
    },

    isFollowing: () => follow.value.trim() !== "",

    /** Shows only the lines of a request or ticket, in every region and log. */
    follow(id) {
      byId("log-filter").reset();
      follow.value = id;
      changed();
    },

    /** Offers the regions and functions that have lines. */
    offer(sources) {
      const key = JSON.stringify(sources);
      if (key === offered) return;
      offered = key;
      setChoices(region, sources.map((entry) => entry.region).filter(Boolean), "All regions");
      setChoices(
        source,
        sources.map((entry) => entry.source),
        "All functions",
      );
    },
  };
}

/** Sets the options of a field, and keeps its value. */
function setChoices(field, values, all) {
  const { value } = field;
  const options = [...new Set([...values, ...(value ? [value] : [])])].sort();
  const first = element("option", { value: "" });
  setText(first, all);
  field.replaceChildren(first, ...options.map((option) => element("option", { value: option }, option)));
  field.value = value;
}
