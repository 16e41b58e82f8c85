import { ReadonlySignal, Signal, signal } from "@preact/signals";
import { STATUSES, TicketFilter } from "./data/api-types";

/** What is open over the list: the form for a new ticket, or a view of one ticket. */
export type Overlay =
  { readonly view: "new"; readonly id?: undefined } | { readonly view: TicketView; readonly id: string };
type TicketView = "ticket" | "edit" | "conflict";

/** Where the user is. The address holds all of it, so that Back, Forward, a reload and a link keep it. */
export interface Route {
  readonly filter: TicketFilter;
  readonly overlay?: Overlay;
}

/** The part of the browser's window that is used. */
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

/** Filters and overlays as entries of the browser's history: https://html.spec.whatwg.org/multipage/nav-history-apis.html */
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

  /** Opens something over what is shown. */
  open(overlay: Overlay): void {
    this.push({ ...this.current.peek(), overlay }, true);
  }

  /**
   * Closes an overlay if it is the one that is open: goes back to where it was opened, so that Forward opens it again. One that
   * was opened by a link gives way to the list.
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

  /** The address of a ticket, without the filter of the one who gives it away. */
  linkTo(id: string): string {
    const { pathname, href } = this.browser.location;
    return new URL(pathname + queryOf({ filter: {}, overlay: { view: "ticket", id } }), href).href;
  }

  /** The address of an overlay over what is shown, for a link on the page. */
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
    // The same filter stays the same object, so that nothing is read again because a dialog was opened.
    const isFilterSame = queryOf({ filter: route.filter }) === queryOf({ filter: before.filter });
    this.current.value = isFilterSame ? { ...route, filter: before.filter } : route;
  }

  private urlOf(route: Route): string {
    return this.browser.location.pathname + queryOf(route);
  }
}

/** The route that an address's query holds. What is no part of a route is passed over. */
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

/** The query of a route's address. */
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
