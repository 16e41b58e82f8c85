import assert from "node:assert/strict";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { openBrowser } from "../support/browser";
import { RunningCloud } from "../support/running-cloud";
import { RegionClient } from "../support/region-client";
import { TicketPage } from "./web-ui-driver";
import { waitFor } from "../support/wait-for";
import { Service } from "./routing-control";

/** Two running regions and a browser. */
export class Stage {
  readonly ireland: RegionClient;
  readonly singapore: RegionClient;
  readonly service: Service;
  private readonly pages: TicketPage[] = [];

  private constructor(
    readonly cloud: RunningCloud,
    readonly browser: Browser,
  ) {
    const { ireland, singapore } = cloud.addresses.regions;
    this.ireland = new RegionClient(ireland.api);
    this.singapore = new RegionClient(singapore.api);
    this.service = new Service(cloud.addresses);
  }

  static async set(): Promise<Stage> {
    const [cloud, browser] = await Promise.all([RunningCloud.start("--speed", "50"), openBrowser()]);
    const stage = new Stage(cloud, browser);
    // At this speed a cold start is long enough for Singapore to take over.
    await stage.service.returnToIreland();
    return stage;
  }

  /** Where the page is. */
  get url(): string {
    return this.cloud.addresses.frontDoor["app.tickets.test"];
  }

  /** Opens the page in a window of its own. */
  async open(options: BrowserContextOptions = {}): Promise<TicketPage> {
    const page = await TicketPage.open(this.browser, `${this.url}/`, options);
    this.pages.push(page);
    return page;
  }

  /** Makes both regions answer again and Ireland serve, because the page follows a takeover; closes what a case opened, and sees that nothing went wrong there unnoticed. */
  async tidy(): Promise<void> {
    await Promise.all(["ireland", "singapore"].map((region) => this.cloud.setRegion(region, "up")));
    const faults = this.pages.flatMap((page) => page.faults);
    await Promise.all(this.pages.splice(0).map((page) => page.close()));
    await this.service.returnToIreland();
    assert.deepEqual(faults, []);
  }

  /** Waits until both regions list the same tickets, and gives their subjects, newest first. */
  async agreed(): Promise<string[]> {
    return waitFor(
      async () => {
        const [one, other] = await Promise.all([this.ireland.list(), this.singapore.list()]);
        return JSON.stringify(one) === JSON.stringify(other) && one.map(({ subject }) => subject);
      },
      { what: "both regions to list the same tickets" },
    );
  }

  async strike(): Promise<void> {
    this.service.close();
    await this.browser.close();
    assert.equal(await this.cloud.stop(), 0);
  }
}

/** Cases that share a stage. */
export type Cases = (stage: () => Stage) => void;
