import { effect, ReadonlySignal, Signal, signal } from "@preact/signals";
import type { TicketCache } from "./ticket-cache";

/** Every assignee that was ever remembered, sorted. */
export function knownAssignees({ tickets }: Pick<TicketCache, "tickets">): ReadonlySignal<readonly string[]> {
  const names: Signal<readonly string[]> = signal([]);
  effect(() => {
    const known = new Set(names.peek());
    for (const { ticket } of tickets.value.values()) if (ticket.assignee) known.add(ticket.assignee);
    if (known.size > names.peek().length) names.value = [...known].sort((a, b) => a.localeCompare(b));
  });
  return names;
}
