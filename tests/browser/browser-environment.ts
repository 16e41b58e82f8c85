import assert from "node:assert/strict";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { openBrowser } from "../support/browser";
import { RunningCloud } from "../../testing/running-cloud";
import { RegionClient } from "../support/region-client";
import { WebUiDriver } from "./web-ui-driver";
import { waitFor } from "../support/wait-for";
import { RoutingControl } from "./routing-control";

/** Local cloud with two regions, and a browser. */
export class BrowserEnvironment {
  readonly ireland: RegionClient;
  readonly singapore: RegionClient;
  readonly routing: RoutingControl;
  private readonly opened: WebUiDriver[] = [];

  private constructor(
    readonly cloud: RunningCloud,
    readonly browser: Browser,
  ) {
    const { ireland, singapore } = cloud.addresses.regions;
    this.ireland = new RegionClient(ireland.api);
    this.singapore = new RegionClient(singapore.api);
    this.routing = new RoutingControl(cloud.addresses);
  }

  /** @param options command-line options of the local cloud. */
  static async start(options: readonly string[] = ["--speed", "25"]): Promise<BrowserEnvironment> {
    const [cloud, browser] = await Promise.all([RunningCloud.start(...options), openBrowser()]);
    const environment = new BrowserEnvironment(cloud, browser);
    // At this speed a cold start is long enough for Singapore to take over.
    await environment.routing.returnToIreland();
    return environment;
  }

  /** URL of the web UI. */
  get url(): string {
    return this.cloud.addresses.frontDoor["app.tickets.test"];
  }

  /** Opens the web UI in a new browser context. */
  async open(options: BrowserContextOptions = {}): Promise<WebUiDriver> {
    const ui = await WebUiDriver.open(this.browser, `${this.url}/`, options);
    this.opened.push(ui);
    return ui;
  }

  /** Starts both regions, ends takeovers, closes what a test opened, and asserts that no error was uncaught. */
  async reset(): Promise<void> {
    await Promise.all(["ireland", "singapore"].map((region) => this.cloud.setRegion(region, "up")));
    const errors = this.opened.flatMap((ui) => ui.uncaughtErrors);
    await Promise.all(this.opened.splice(0).map((ui) => ui.close()));
    await this.routing.returnToIreland();
    assert.deepEqual(errors, []);
  }

  /**
   * Waits until both regions list the same tickets. Returns their subjects, newest first.
   * @param written subjects that must be among them. Both lists can miss a ticket that was just created, because indexes are late.
   */
  async waitForEqualLists(...written: readonly string[]): Promise<string[]> {
    return waitFor(
      async () => {
        const [one, other] = await Promise.all([this.ireland.list(), this.singapore.list()]);
        const subjects = one.map(({ subject }) => subject);
        const areEqual = JSON.stringify(one) === JSON.stringify(other);
        return areEqual && written.every((subject) => subjects.includes(subject)) && subjects;
      },
      { what: "both regions to list the same tickets" },
    );
  }

  async stop(): Promise<void> {
    this.routing.close();
    await this.browser.close();
    assert.equal(await this.cloud.stop(), 0);
  }
}

/** Tests that share an environment. */
export type SharedTests = (environment: () => BrowserEnvironment) => void;
