import type { Signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Ticket } from "./data/api-types";
import type { PageConfig } from "./data/page-config";
import type { TicketStore } from "./data/store";
import type { Notices } from "./notices";
import type { TicketProblems } from "./ticket-problems";

/** What the components share. */
export interface Page {
  readonly config: PageConfig;
  readonly store: TicketStore;
  readonly notices: Notices;
  readonly problems: TicketProblems;
  /** The ticket whose edit dialog is open, as it was when the edit began. */
  readonly edited: Signal<Ticket | undefined>;
  /** Id of the ticket whose conflict dialog is open. */
  readonly compared: Signal<string | undefined>;
  /** Id of a ticket that comes back into the list; its card takes the focus. */
  readonly returning: Signal<string | undefined>;
}

export const PageContext = createContext<Page | undefined>(undefined);

/** @throws Error outside of a PageContext. */
export function usePage(): Page {
  const page = useContext(PageContext);
  if (!page) throw new Error("The component stands outside of PageContext.");
  return page;
}
