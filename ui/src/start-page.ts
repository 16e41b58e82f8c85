import { effect, signal } from "@preact/signals";
import type { PageConfig } from "./data/page-config";
import { startStore } from "./data/start";
import type { TicketStore } from "./data/store";
import { filterOfAddress, rememberFilter } from "./filter-address";
import { editInProgress } from "./forms/edit-draft";
import { Notices } from "./notices";
import type { Page } from "./page-context";
import { moveText } from "./serving-text";
import { TicketProblems } from "./ticket-problems";

/** Makes what the components share, with the filter of the address and an edit that a reload interrupted. */
export function startPage(config: PageConfig): Page {
  const store = startStore(config);
  const filter = filterOfAddress();
  if (Object.keys(filter).length > 0) void store.show(filter);
  effect(() => rememberFilter(store.filter.value));
  const notices = new Notices();
  sayMoves(store, notices, config);
  return {
    config,
    store,
    notices,
    problems: new TicketProblems(),
    edited: signal(editInProgress()),
    compared: signal(undefined),
    returning: signal(undefined),
  };
}

/** Says once that another region answers from now on. */
function sayMoves(store: TicketStore, notices: Notices, { apis }: PageConfig): void {
  let before = store.region.peek();
  store.region.subscribe((now) => {
    const text = moveText(before, now, apis);
    before = now;
    if (text) notices.say(text);
  });
}
