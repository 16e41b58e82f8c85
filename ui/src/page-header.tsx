import type { VNode } from "preact";
import { regionLabel } from "./data/wording";
import { usePage } from "./page-context";
import { standingText } from "./serving-text";

const OFFLINE = "No region answers";

/** The title, and which region serves. Whatever the state, it takes the same room. */
export function PageHeader(): VNode {
  const { config, store } = usePage();
  const state = store.region.value;
  const labels = config.apis.map(({ code }) => regionLabel(code, config.apis));
  const longest = [...labels, OFFLINE].reduce((a, b) => (b.length > a.length ? b : a));
  const standing = state.offline ? "down" : state.current === state.preferred ? "preferred" : "other";
  const serving = state.offline ? OFFLINE : regionLabel(state.servedBy ?? state.current.code, config.apis);
  return (
    <header class="page-header" data-standing={standing}>
      <h1>Tickets</h1>
      <p class="standing">{standingText(state, config.apis)}</p>
      <p class="pill" id="serving">
        <span class="for-readers">Served by </span>
        <span class="steady" data-longest={longest}>
          <span class="name">{serving}</span>
        </span>
      </p>
    </header>
  );
}
