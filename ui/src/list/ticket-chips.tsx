import type { VNode } from "preact";
import type { ShownTicket } from "../data/ticket-store";
import { capitalized } from "../field-value";

/** Labels with the status and priority of a ticket. */
export function TicketChips({ ticket: { status, priority } }: { readonly ticket: ShownTicket }): VNode {
  return (
    <div class="chips">
      <p class="chip" data-status={status}>
        {capitalized(status)}
      </p>
      <p class="chip" data-priority={priority}>
        {capitalized(priority)}
        <span class="for-readers"> priority</span>
      </p>
    </div>
  );
}
