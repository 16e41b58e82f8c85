import type { VNode } from "preact";
import { useApp } from "./app-context";
import { headerStatus } from "./region-status-text";

/** Title, serving region and state of the other regions. Screen readers announce an outage. */
export function Header(): VNode {
  const { config, store } = useApp();
  const { kind, serving, text } = headerStatus(store.region.value, config.apis, config.region.code);
  return (
    <header class="app-header" data-standing={kind}>
      <h1>Tickets</h1>
      <p class="pill" id="serving">
        {kind !== "down" && kind !== "unknown" && <span class="for-readers">Served by </span>}
        <span class="name">{serving}</span>
      </p>
      <p class="standing">{text}</p>
      <p class="for-readers" role="status">
        {kind === "down" ? `${serving}. ${text}` : ""}
      </p>
    </header>
  );
}
