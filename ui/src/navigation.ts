import { ReadonlySignal, Signal, signal } from "@preact/signals";
import { STATUSES, TicketFilter } from "./data/api-types";

/** Overlay over the list: the form for a new ticket, or a view of one ticket. */
export type Overlay =
  { readonly view: "new"; readonly id?: undefined } | { readonly view: TicketView; readonly id: string };
type TicketView = "ticket" | "edit" | "conflict";

/** Filter and open overlay. The URL contains both, so that Back, Forward, reload and links restore them. */
export interface Route {
  readonly filter: TicketFilter;
  readonly overlay?: Overlay;
}

/** Part of the `window` object that is used. */
export interface NavigationWindow {
  readonly location: { readonly search: string; readonly pathname: string; readonly href: string };
  readonly history: {
    readonly state: unknown;
    pushState(state: unknown, unused: string, url: string): void;
    replaceState(state: unknown, unused: string, url: string): void;
    back(): void;
  };
  addEventListener(type: "popstate", listener: () => void): void;
}

/** Filters and overlays as entries of the browser history: https://html.spec.whatwg.org/multipage/nav-history-apis.html */
export class Navigation {
  readonly route: ReadonlySignal<Route>;
  private readonly current: Signal<Route>;
  private closing = false;

  constructor(private readonly browser: NavigationWindow) {
    this.current = signal(parseRoute(browser.location.search));
    this.route = this.current;
    browser.addEventListener("popstate", () => {
      this.closing = false;
      this.set(parseRoute(browser.location.search));
    });
  }

  /** Shows the tickets that match a filter. */
  filter(filter: TicketFilter): void {
    this.push({ filter }, false);
  }

  /** Opens an overlay. */
  open(overlay: Overlay): void {
    this.push({ ...this.current.peek(), overlay }, true);
  }

  /**
   * Closes an overlay if it is open. Goes back in the history, so that Forward opens it again. An overlay that a link opened is
   * replaced by the list.
   */
  close(overlay: Overlay): void {
    const { filter, overlay: open } = this.current.peek();
    if (this.closing || !isSame(open, overlay)) return;
    if (isOverlayEntry(this.browser.history.state)) {
      this.closing = true;
      this.browser.history.back();
    } else {
      this.browser.history.replaceState(null, "", this.urlOf({ filter }));
      this.set({ filter });
    }
  }

  /** Returns the URL of a ticket without the current filter, for sharing. */
  linkTo(id: string): string {
    const { pathname, href } = this.browser.location;
    return new URL(pathname + queryOf({ filter: {}, overlay: { view: "ticket", id } }), href).href;
  }

  /** Returns the URL of an overlay with the current filter, for a link in the web UI. */
  urlOfOverlay(overlay: Overlay): string {
    return this.urlOf({ filter: this.current.value.filter, overlay });
  }

  private push(route: Route, over: boolean): void {
    const search = queryOf(route);
    if (this.closing || search === queryOf(this.current.peek())) return;
    this.browser.history.pushState({ over }, "", this.browser.location.pathname + search);
    this.set(route);
  }

  private set(route: Route): void {
    const before = this.current.peek();
    if (queryOf(route) === queryOf(before)) return;
    // An equal filter keeps its identity, so that opening a dialog does not reload the list.
    const isFilterSame = queryOf({ filter: route.filter }) === queryOf({ filter: before.filter });
    this.current.value = isFilterSame ? { ...route, filter: before.filter } : route;
  }

  private urlOf(route: Route): string {
    return this.browser.location.pathname + queryOf(route);
  }
}

/** Parses the query of a URL. Ignores unknown parameters and values. */
export function parseRoute(search: string): Route {
  const query = new URLSearchParams(search);
  const status = STATUSES.find((known) => known === query.get("status"));
  const assignee = query.get("assignee") ?? undefined;
  const filter = { ...(status && { status }), ...(assignee !== undefined && { assignee }) };
  const id = query.get("ticket");
  const view = query.get("view");
  if (!id) return view === "new" ? { filter, overlay: { view } } : { filter };
  return { filter, overlay: { view: view === "edit" || view === "conflict" ? view : "ticket", id } };
}

/** Returns the query of the URL of a route. */
export function queryOf({ filter, overlay }: Route): string {
  const query = new URLSearchParams();
  if (filter.status !== undefined) query.set("status", filter.status);
  if (filter.assignee !== undefined) query.set("assignee", filter.assignee);
  if (overlay?.id !== undefined) query.set("ticket", overlay.id);
  if (overlay && overlay.view !== "ticket") query.set("view", overlay.view);
  return query.size > 0 ? `?${query}` : "";
}

function isSame(one: Overlay | undefined, other: Overlay): boolean {
  return one?.view === other.view && one.id === other.id;
}

function isOverlayEntry(state: unknown): boolean {
  return typeof state === "object" && state !== null && "over" in state && state.over === true;
}
