import { effect, signal } from "@preact/signals";
import { isolated } from "./data/bidi";
import type { UiConfig } from "./data/ui-config";
import { startStore } from "./data/start-store";
import type { TicketStore } from "./data/ticket-store";
import { Navigation } from "./navigation";
import { Notices } from "./notices";
import type { AppServices } from "./app-context";
import { failoverNotice } from "./region-status-text";
import { TicketProblems } from "./ticket-problems";

/** Makes what the components share, and shows what the address names. */
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

/** Says once that another region answers from now on. */
function announceFailovers(store: TicketStore, notices: Notices): void {
  let before = store.region.peek();
  store.region.subscribe((now) => {
    const text = failoverNotice(before, now);
    before = now;
    if (text) notices.show(text);
  });
}

/** Says which deletes that were sent when the page was left did not happen. */
async function announceFailedRemovals(store: TicketStore, notices: Notices): Promise<void> {
  for (const { subject } of await store.retryUnconfirmedRemovals())
    notices.showProblem(`“${isolated(subject)}” was not deleted. Delete it again if it is still listed.`);
}
