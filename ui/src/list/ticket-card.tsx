import type { VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { balanced, isolated } from "../data/bidi";
import type { ShownTicket } from "../data/ticket-store";
import { useApp } from "../app-context";
import { CardActions } from "./card-actions";
import { CardProblem } from "./card-problem";
import { Description } from "./description";
import { Facts } from "./facts";
import { TicketChips } from "./ticket-chips";

/** Card of a ticket in the list. */
export function TicketCard({ ticket }: { readonly ticket: ShownTicket }): VNode {
  const { key, subject, status, description, saving, creating, hasConflict } = ticket;
  const ref = useCardFocus(ticket);
  return (
    <li
      ref={ref}
      class="card"
      data-status={status}
      aria-busy={saving}
      tabIndex={-1}
      aria-labelledby={`subject-${key}`}
    >
      <article>
        <header class="card-header">
          <h3 id={`subject-${key}`} dir="auto">
            {creating ? balanced(subject) : <SubjectLink ticket={ticket} />}
          </h3>
          {hasConflict && <ConflictBadge ticket={ticket} />}
          <TicketChips ticket={ticket} />
        </header>
        {description !== "" && <Description text={description} />}
        <div class="card-foot">
          <Facts ticket={ticket} />
          {creating ? <p class="card-actions creating">Saving…</p> : <CardActions ticket={ticket} />}
        </div>
        <CardProblem id={ticket.id} />
      </article>
    </li>
  );
}

/** Moves the focus to the adjacent card when a focused card is removed, and to a card that an undo returns. */
function useCardFocus({ id }: ShownTicket): { readonly current: HTMLLIElement | null } {
  const { returning } = useApp();
  const ref = useRef<HTMLLIElement>(null);
  useLayoutEffect(() => {
    const card = ref.current;
    if (returning.peek() === id) {
      returning.value = undefined;
      card?.focus();
    }
    return () => {
      if (!card?.contains(document.activeElement)) return;
      const neighbor = card.nextElementSibling ?? card.previousElementSibling;
      (neighbor instanceof HTMLElement ? neighbor : document.getElementById("tickets"))?.focus();
    };
  }, []);
  return ref;
}

/** Link that opens the ticket. With a modifier key, the browser opens it in another tab or window. */
function SubjectLink({ ticket: { id, subject } }: { readonly ticket: ShownTicket }): VNode {
  const { navigation } = useApp();
  const overlay = { view: "ticket", id } as const;
  return (
    <a
      href={navigation.urlOfOverlay(overlay)}
      onClick={(event) => {
        if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        navigation.open(overlay);
      }}
    >
      {balanced(subject)}
    </a>
  );
}

function ConflictBadge({ ticket: { id, subject } }: { readonly ticket: ShownTicket }): VNode {
  const { navigation } = useApp();
  return (
    <button
      class="conflict-badge"
      type="button"
      aria-haspopup="dialog"
      onClick={() => navigation.open({ view: "conflict", id })}
    >
      Conflict<span class="for-readers"> in {isolated(subject)}: compare both versions</span>
    </button>
  );
}
