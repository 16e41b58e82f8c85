import { browserClock } from "./browser";
import type { TabStorage } from "./draft-keys";
import { pollPreferredRegion } from "./follow-regions";
import { freshFetch } from "./fresh-fetch";
import type { UiConfig } from "./ui-config";
import { RegionalClient } from "./regional-client";
import { pollWhileVisible } from "./polling";
import { TicketStore } from "./ticket-store";

/**
 * Pauses in milliseconds.
 *
 * `refresh` bounds how long the loss of a region goes unnoticed on a page that nobody touches: two seconds with the asking, and one more when
 * the region is silent. It is most of what an open page costs: 19,200 listings in a working day of eight hours, fewer
 * questions for conflicts and of the region on standby, about $0.14 at AWS's public prices. Nothing is asked while the page is hidden.
 */
const PAUSES = { refresh: 1_500, refreshOffline: 1_000, others: 30_000, silentOthers: 5_000 };

/** Makes the store over the regions of `config.json`, reads the tickets, and keeps them fresh while the page is visible. */
export function startStore({ apis, region, failoverUrl }: UiConfig): TicketStore {
  const clock = browserClock;
  const client = new RegionalClient({ apis, preferred: region.code, failoverUrl, fetch: freshFetch, clock });
  const store = new TicketStore({ client, clock, storage: keyStorage() });
  const page = { clock, visibility: document };
  pollWhileVisible(
    page,
    () => store.refresh(),
    () => (store.region.peek().offline ? PAUSES.refreshOffline : PAUSES.refresh),
  );
  pollPreferredRegion(page, client);
  pollWhileVisible(
    page,
    () => client.checkOthers(),
    () =>
      Object.values(store.region.peek().lastResults).some((standing) => standing !== "up")
        ? PAUSES.silentOthers
        : PAUSES.others,
  );
  addEventListener("pagehide", () => store.sendPendingRemovals());
  return store;
}

/** The session's storage; where the browser forbids it, keys live as long as the page. */
function keyStorage(): TabStorage {
  try {
    return sessionStorage;
  } catch {
    const kept = new Map<string, string>();
    return {
      getItem: (name) => kept.get(name) ?? null,
      setItem: (name, value) => void kept.set(name, value),
      removeItem: (name) => void kept.delete(name),
    };
  }
}
