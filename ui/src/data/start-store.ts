import { browserClock, TabStorage } from "./browser";
import { busyPauseMs } from "./busy-region";
import { TOO_MANY_REQUESTS } from "./errors";
import { LIST_INTERVAL_MS, pollPreferredRegion, pollWhileVisible } from "./polling";
import { cacheModeOf, type Fetch } from "./region-request";
import { RegionalClient } from "./regional-client";
import { TicketStore } from "./ticket-store";
import type { UiConfig } from "./ui-config";

/** Fetch API of the browser, with the cache mode of each request. */
export const browserFetch: Fetch = (url, init) => fetch(url, { ...init, cache: cacheModeOf(init.method) });

/**
 * Polling intervals in milliseconds.
 *
 * `refresh` bounds the time until an idle web UI notices a region failure: two seconds including the request, and one more when
 * the region does not respond. It causes most of the cost of an open web UI: 19,200 listings in a working day of eight hours,
 * and fewer reads of conflicts, of the routing states and of the region on standby, about $0.18 at AWS's public prices. A hidden web UI sends no requests.
 */
const INTERVALS_MS = {
  refresh: LIST_INTERVAL_MS,
  refreshOffline: 1_000,
  others: 30_000,
  failedOthers: 5_000,
};

/** Creates the store for the regions of `config.json`, reads the tickets, and refreshes them while the web UI is visible. */
export function startStore({ apis, region, failoverUrl }: UiConfig): TicketStore {
  const clock = browserClock;
  const client = new RegionalClient({
    apis,
    preferred: region.code,
    hasRouting: failoverUrl !== undefined,
    fetch: browserFetch,
    clock,
  });
  const store = new TicketStore({ client, clock, storage: tabStorage() });
  const browser = { clock, visibility: document };
  pollWhileVisible(
    browser,
    () => store.refresh(),
    () => {
      const { offline, current, lastResults } = store.region.peek();
      if (lastResults[current.code] === TOO_MANY_REQUESTS) return busyPauseMs();
      return offline ? INTERVALS_MS.refreshOffline : INTERVALS_MS.refresh;
    },
  );
  pollPreferredRegion(browser, client);
  pollWhileVisible(
    browser,
    () => client.checkOthers(),
    () =>
      Object.values(store.region.peek().lastResults).some((result) => result !== "up")
        ? INTERVALS_MS.failedOthers
        : INTERVALS_MS.others,
  );
  addEventListener("pagehide", () => store.sendPendingRemovals());
  return store;
}

/** Returns the session storage. If the browser forbids it, the content is lost on reload. */
function tabStorage(): TabStorage {
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
