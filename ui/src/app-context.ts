import type { Signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { PageConfig } from "./data/ui-config";
import type { TicketStore } from "./data/ticket-store";
import type { Navigation } from "./navigation";
import type { Notices } from "./notices";
import type { TicketProblems } from "./ticket-problems";

/** What the components share. */
export interface Page {
  readonly config: PageConfig;
  readonly store: TicketStore;
  readonly notices: Notices;
  readonly problems: TicketProblems;
  /** Which tickets are shown, and what is open over them. */
  readonly navigation: Navigation;
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
