import type { VNode } from "preact";
import { usePage } from "./app-context";
import { headline } from "./region-status-text";

/** The title, which region serves, and how the others are. The one place where the page says so; screen readers are told of an outage. */
export function PageHeader(): VNode {
  const { config, store } = usePage();
  const { kind, serving, text } = headline(store.region.value, config.apis, config.region.code);
  return (
    <header class="page-header" data-standing={kind}>
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
