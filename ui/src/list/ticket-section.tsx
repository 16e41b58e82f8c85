import type { VNode } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { TicketFilter } from "../data/api-types";
import { usePage } from "../page-context";
import { FilterBar } from "./filter-bar";
import { TicketCard } from "./ticket-card";

/** The tickets with their filter, and more of them on demand. */
export function TicketSection(): VNode {
  const { store } = usePage();
  const focusAt = useRef<number | undefined>(undefined);
  useLayoutEffect(() => {
    if (focusAt.current !== undefined) focusCard(focusAt.current);
    focusAt.current = undefined;
  });
  const filter = store.filter.value;
  const tickets = store.tickets.value;
  const problem = store.problem.value;
  return (
    <section id="tickets" tabIndex={-1} aria-labelledby="tickets-heading">
      <div class="list-header">
        <h2 id="tickets-heading">{headingOf(filter)}</h2>
        <FilterBar filter={filter} />
      </div>
      {problem !== undefined && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {tickets.length === 0 && problem === undefined && <ListNote filter={filter} />}
      <ul class="list" aria-busy={store.pending.value}>
        {tickets.map((ticket) => (
          <TicketCard key={ticket.key} ticket={ticket} />
        ))}
      </ul>
      {store.hasMore.value && <LoadMore leaveFocus={(index) => (focusAt.current = index)} />}
    </section>
  );
}

function ListNote({ filter }: { readonly filter: TicketFilter }): VNode {
  const { store } = usePage();
  if (store.region.value.offline)
    return <p class="list-note">The tickets come as soon as a region answers.</p>;
  if (store.pending.value) return <p class="list-note">Reading the tickets…</p>;
  const unfiltered = filter.status === undefined && filter.assignee === undefined;
  return (
    <p class="list-note">
      {unfiltered ? "There are no tickets yet. Create the first one." : "No ticket matches the filter."}
    </p>
  );
}

/** @param leaveFocus called with the place of the first ticket that came, when the button had the focus and goes. */
function LoadMore({ leaveFocus }: { readonly leaveFocus: (index: number) => void }): VNode {
  const { store } = usePage();
  const [busy, setBusy] = useState(false);
  const ref = useRef<HTMLButtonElement>(null);
  const shownBefore = useRef(0);
  useLayoutEffect(() => {
    const button = ref.current;
    return () => {
      if (document.activeElement === button) leaveFocus(shownBefore.current);
    };
  }, []);

  async function load(): Promise<void> {
    if (busy) return;
    shownBefore.current = store.tickets.peek().length;
    setBusy(true);
    await store.loadMore();
    setBusy(false);
  }

  return (
    <p class="more">
      <button ref={ref} type="button" aria-disabled={busy} onClick={() => void load()}>
        <span class="steady" data-longest="Load more">
          {busy ? "Loading…" : "Load more"}
        </span>
      </button>
    </p>
  );
}

function focusCard(index: number): void {
  const section = document.getElementById("tickets");
  const cards = section?.querySelectorAll<HTMLElement>(".card");
  (cards?.[index] ?? section)?.focus();
}

function headingOf({ status, assignee }: TicketFilter): string {
  const which = status === undefined ? "All tickets" : HEADINGS[status];
  if (assignee === undefined) return which;
  return assignee === "" ? `${which} of nobody` : `${which} of ${assignee}`;
}

const HEADINGS = { open: "Open tickets", assigned: "Assigned tickets", closed: "Closed tickets" } as const;
