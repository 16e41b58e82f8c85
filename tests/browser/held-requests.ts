import type { Route } from "playwright-core";
import type { WebUiDriver } from "./web-ui-driver";

/** Requests of the page that neither arrive nor fail until the test says so. */
export class HeldRequests {
  /** Fulfilled when the first one has left the page. */
  readonly arrived: Promise<void>;
  private begin!: () => void;
  private held: Route[] = [];
  private end: ((route: Route) => Promise<void>) | undefined;

  private constructor() {
    this.arrived = new Promise((resolve) => (this.begin = resolve));
  }

  /** Holds every request with a method to a ticket, from now on. */
  static async of({ page }: WebUiDriver, method: string): Promise<HeldRequests> {
    const requests = new HeldRequests();
    await page.route("**/tickets/**", (route) =>
      route.request().method() === method ? requests.hold(route) : route.continue(),
    );
    return requests;
  }

  /** Lets them go on, and all later ones. */
  async release(): Promise<void> {
    await this.endWith((route) => route.continue());
  }

  /** Lets them fail without an answer, and all later ones until they are released. */
  async fail(): Promise<void> {
    await this.endWith((route) => route.abort());
  }

  private async hold(route: Route): Promise<void> {
    if (this.end) return this.end(route);
    this.held.push(route);
    this.begin();
  }

  private async endWith(end: (route: Route) => Promise<void>): Promise<void> {
    this.end = end;
    await Promise.all(this.held.splice(0).map(end));
  }
}
