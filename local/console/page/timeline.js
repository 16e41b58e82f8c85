// List of events, newest first. A new event does not move the scroll position.

import { element, keyedList } from "./dom.js";

/** Shows events in a list that scrolls. */
export function timelineList(list) {
  const show = keyedList(list, eventEntry);
  return (events) => {
    const fromEnd = list.scrollHeight - list.scrollTop;
    const isAtTop = list.scrollTop === 0;
    // After a restart of the local cloud, the sequence numbers start again.
    show(events, ({ at, number }) => `${at} ${number}`);
    if (!isAtTop) list.scrollTop = list.scrollHeight - fromEnd;
  };
}

function eventEntry({ at, region, text }) {
  const when = new Date(at);
  const time = element("time", { datetime: when.toISOString() }, when.toLocaleTimeString("en-GB"));
  const what = region ? [element("strong", {}, region), ` ${text}`] : [text];
  const node = element("li", {}, time, element("span", {}, ...what));
  return { node, update: () => undefined };
}
