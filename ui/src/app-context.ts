import type { Signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { UiConfig } from "./data/ui-config";
import type { TicketStore } from "./data/ticket-store";
import type { Navigation } from "./navigation";
import type { Notices } from "./notices";
import type { TicketProblems } from "./ticket-problems";

/** What the components share. */
export interface AppServices {
  readonly config: UiConfig;
  readonly store: TicketStore;
  readonly notices: Notices;
  readonly problems: TicketProblems;
  /** Which tickets are shown, and what is open over them. */
  readonly navigation: Navigation;
  /** Id of a ticket that comes back into the list; its card takes the focus. */
  readonly returning: Signal<string | undefined>;
}

export const AppContext = createContext<AppServices | undefined>(undefined);

/** @throws Error outside of a PageContext. */
export function useApp(): AppServices {
  const app = useContext(AppContext);
  if (!app) throw new Error("The component is rendered outside of AppContext.");
  return app;
}
