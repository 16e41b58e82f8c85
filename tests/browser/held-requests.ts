import type { Route } from "playwright-core";
import type { WebUiDriver } from "./web-ui-driver";

/** Requests of the web UI that are held until the test releases them or lets them fail. */
export class HeldRequests {
  /** Resolves when the first request is held. */
  readonly arrived: Promise<void>;
  private begin!: () => void;
  private held: Route[] = [];
  private end: ((route: Route) => Promise<void>) | undefined;

  private constructor() {
    this.arrived = new Promise((resolve) => (this.begin = resolve));
  }

  /** Starts to hold all requests with a method to single tickets. */
  static async of({ page }: WebUiDriver, method: string): Promise<HeldRequests> {
    const requests = new HeldRequests();
    await page.route("**/tickets/**", (route) =>
      route.request().method() === method ? requests.hold(route) : route.continue(),
    );
    return requests;
  }

  /** Releases the held requests and all later ones. */
  async release(): Promise<void> {
    await this.endWith((route) => route.continue());
  }

  /** Lets the held requests fail without a response, and all later ones until `release`. */
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
