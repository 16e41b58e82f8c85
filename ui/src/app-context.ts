import { effect, Signal, signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { isolated } from "./data/bidi";
import { startStore } from "./data/start-store";
import type { TicketStore } from "./data/ticket-store";
import type { UiConfig } from "./data/ui-config";
import { Navigation } from "./navigation";
import { Notices, TicketProblems } from "./notices";
import { failoverNotice } from "./region-status-text";

/** Objects that the components share. */
export interface AppServices {
  readonly config: UiConfig;
  readonly store: TicketStore;
  readonly notices: Notices;
  readonly problems: TicketProblems;
  /** Filter of the list, and the open overlay. */
  readonly navigation: Navigation;
  /** Id of a ticket that an undo returns to the list. Its card receives the focus. */
  readonly returning: Signal<string | undefined>;
}

export const AppContext = createContext<AppServices | undefined>(undefined);

/**
 * Returns the objects that the components share.
 * @throws Error outside of an AppContext.
 */
export function useApp(): AppServices {
  const app = useContext(AppContext);
  if (!app) throw new Error("The component is rendered outside of AppContext.");
  return app;
}

/** Creates the objects that the components share, and shows the tickets that the URL selects. */
export function startApp(config: UiConfig): AppServices {
  const store = startStore(config);
  const navigation = new Navigation(window);
  effect(() => {
    const { filter } = navigation.route.value;
    if (filter !== store.filter.peek() && Object.keys({ ...filter, ...store.filter.peek() }).length > 0)
      void store.setFilter(filter);
  });
  const notices = new Notices();
  announceFailovers(store, notices);
  void announceFailedRemovals(store, notices);
  return { config, store, navigation, notices, problems: new TicketProblems(), returning: signal(undefined) };
}

/** Shows a notice when another region starts to serve. */
function announceFailovers(store: TicketStore, notices: Notices): void {
  let before = store.region.peek();
  store.region.subscribe((now) => {
    const text = failoverNotice(before, now);
    before = now;
    if (text) notices.show(text);
  });
}

/** Retries the unconfirmed deletes of the previous visit, and shows which ones failed. */
async function announceFailedRemovals(store: TicketStore, notices: Notices): Promise<void> {
  for (const { subject } of await store.retryUnconfirmedRemovals())
    notices.showProblem(`“${isolated(subject)}” was not deleted. Delete it again if it is still listed.`);
}
