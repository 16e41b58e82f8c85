import type { VNode } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { TicketFilter } from "../data/api-types";
import { isolated } from "../data/bidi";
import { useApp } from "../app-context";
import { FilterBar } from "./filter-bar";
import { TicketCard } from "./ticket-card";

/** List of tickets with its filter and the button that loads more. */
export function TicketSection(): VNode {
  const { store } = useApp();
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
  const { store, navigation } = useApp();
  if (store.pending.value) return <Skeleton busy={!store.region.value.offline} />;
  if (filter.status === undefined && filter.assignee === undefined)
    return (
      <div class="list-note">
        <p class="list-note-title">There are no tickets yet.</p>
        <p>Create the first one with the form.</p>
      </div>
    );
  return (
    <div class="list-note">
      <p class="list-note-title">No ticket matches the filter.</p>
      <p>
        <button type="button" onClick={() => navigation.filter({})}>
          Show all tickets
        </button>
      </p>
    </div>
  );
}

/** Placeholder for tickets that are not loaded yet. If no region responds, the header shows that. */
function Skeleton({ busy }: { readonly busy: boolean }): VNode {
  return (
    <div class="skeletons" data-busy={busy}>
      <p class="for-readers" role="status">
        {busy ? "Loading tickets…" : "The tickets are not loaded yet."}
      </p>
      <div class="skeleton" />
      <div class="skeleton" />
      <div class="skeleton" />
    </div>
  );
}

/**
 * Button that loads more tickets.
 * @param leaveFocus called with the index of the first new ticket when the button is removed while it has the focus.
 */
function LoadMore({ leaveFocus }: { readonly leaveFocus: (index: number) => void }): VNode {
  const { store } = useApp();
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
  return assignee === "" ? `${which}, unassigned` : `${which} of ${isolated(assignee)}`;
}

const HEADINGS = { open: "Open tickets", assigned: "Assigned tickets", closed: "Closed tickets" } as const;
