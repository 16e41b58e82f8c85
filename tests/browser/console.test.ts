import assert from "node:assert/strict";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { Addresses } from "../../local/addresses";
import { ConsoleServer } from "../../local/console/server";
import type { ConsoleState } from "../../local/console/state";
import { INTERVAL_MS, type LagPoint } from "../../local/lag-history";
import { Regions } from "../../local/regions";
import { axeViolations } from "../support/axe";
import { openBrowser } from "../support/browser";
import { waitFor } from "../support/wait-for";

/** The console's page over a state that the test makes; everything else is as it is. */
class ConsoleUnderTest {
  readonly regions = new Regions([
    { name: "ireland", code: "eu-west-1" },
    { name: "singapore", code: "ap-southeast-1" },
  ]);
  tickets = 6;
  lags: number[] = [];
  events: string[] = ["Everything is up."];
  private server: ConsoleServer | undefined;
  private port = 0;

  get url(): string {
    return `http://localhost:${this.port}`;
  }

  async start(): Promise<void> {
    this.server = await ConsoleServer.start({
      port: this.port,
      regions: this.regions,
      state: async () => this.state(),
      addresses: () => ({}) as Addresses,
      caCertificate: "",
      frontDoor: undefined,
    });
    this.port = Number(new URL(this.server.url).port);
  }

  async stop(): Promise<void> {
    await this.server?.close();
    this.server = undefined;
  }

  private state(): ConsoleState {
    const at = Date.now();
    const lagHistory = this.lags.map<LagPoint>((lag, index) => ({
      at: at - (this.lags.length - index) * INTERVAL_MS,
      p50Ms: lag,
      p99Ms: lag * 2,
    }));
    const figures = {
      applied: 5,
      conflicts: 0,
      delivered: 5,
      failedBatches: 0,
      quarantined: 0,
      onFailure: 0,
    };
    const direction = { ...figures, lagP50Ms: 40, lagP99Ms: 90, lagMs: 0, lastError: undefined };
    const addresses = {
      api: "http://127.0.0.1:9",
      ui: undefined,
      dynamodb: "http://127.0.0.1:9",
      table: "tickets",
    };
    return {
      at,
      stack: "ireland",
      domain: "tickets.test",
      speed: 10,
      regions: this.regions.all().map(({ name, code, state }, index) => ({
        ...addresses,
        name,
        code,
        state,
        role: index === 0 ? "primary" : "secondary",
        tickets: state === "down" ? undefined : this.tickets,
      })),
      names: [
        { name: "api.tickets.test", answer: "127.0.0.12", region: "singapore", isEdge: false },
        { name: "app.tickets.test", answer: "127.0.0.10", region: undefined, isEdge: true },
      ],
      healthChecks: [
        {
          name: "routing-ireland",
          target: "https://ireland.tickets.test/health",
          healthy: false,
          lastResult: "refused",
        },
      ],
      replication: [
        { ...direction, from: "ireland", to: "singapore", lagHistory },
        { ...direction, from: "singapore", to: "ireland", lagHistory: [] },
      ],
      events: this.events
        .map((text, index) => ({ number: index + 1, at: 1_800_000_000_000 + index * 1000, text }))
        .reverse(),
      frontDoor: { "app.tickets.test": "http://app.localhost:4700" },
    };
  }
}

describe("The console in a browser", function () {
  this.timeout(30_000);

  let tested: ConsoleUnderTest;
  let browser: Browser;
  const faults: string[] = [];

  before(async () => {
    browser = await openBrowser();
  });
  beforeEach(async () => {
    tested = new ConsoleUnderTest();
    await tested.start();
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    await tested.stop();
    assert.deepEqual(faults.splice(0), []);
  });
  after(() => browser?.close());

  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    const page = await (await browser.newContext(options)).newPage();
    page.on("pageerror", ({ message }) => faults.push(message));
    await page.goto(tested.url);
    await page.getByText("Live", { exact: true }).waitFor();
    return page;
  }

  it("shows what changes without a reload", async () => {
    const page = await open();
    await page.evaluate("window.loadedOnce = true");
    const singapore = page.getByRole("article", { name: "singapore" });
    await singapore.getByText("6 tickets in its table").waitFor();
    tested.tickets = 7;
    tested.regions.setState("ireland", "down");
    await singapore.getByText("7 tickets in its table").waitFor();
    const ireland = page.getByRole("article", { name: "ireland" });
    await ireland.getByText("stopped").waitFor();
    await ireland.getByText("– tickets in its table").waitFor();
    await page.getByText("127.0.0.10, CloudFront").waitFor();
    assert.equal(await page.evaluate("window.loadedOnce"), true);
  });

  it("draws the lag, with a text for those who do not see it", async () => {
    tested.lags = [40, 60, 2600];
    const page = await open();
    const chart = page.getByRole("img", { name: /^Lag of ireland → singapore/ });
    assert.equal(
      await chart.getAttribute("aria-label"),
      "Lag of ireland → singapore in the last two minutes: latest p50 2.6 s, p99 5.2 s, highest p99 5.2 s.",
    );
    assert.equal(await chart.locator("circle.p50").count(), 3);
    assert.deepEqual(await chart.locator("text").allTextContents(), [
      "0",
      "5 s",
      "10 s",
      "2 minutes ago",
      "1 minute ago",
      "now",
      "No writes in the last two minutes",
    ]);
    await page
      .getByRole("img", { name: "Lag of singapore → ireland: no writes in the last two minutes." })
      .waitFor();
    tested.lags = [40];
    await waitFor(async () => (await chart.locator("circle.p50").count()) === 1, { what: "one point" });
  });

  it("stops and starts a region by keyboard, and leaves the focus where it is", async () => {
    const page = await open();
    const stop = page.getByRole("button", { name: "Stop region: ireland" });
    const start = page.getByRole("button", { name: "Start: ireland" });
    assert.equal(await start.getAttribute("aria-disabled"), "true");
    await stop.focus();
    await page.keyboard.press("Enter");
    await page.locator('button[aria-disabled="true"]', { hasText: "Stop region" }).waitFor();
    assert.equal(tested.regions.byName("ireland").state, "down");
    assert.equal(
      await stop.evaluate("document.activeElement.getAttribute('aria-label')"),
      "Stop region: ireland",
    );
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Space");
    await waitFor(() => tested.regions.byName("ireland").state === "up", { what: "ireland to be up" });
    await page.getByRole("button", { name: "Cut replication: singapore" }).click();
    await page.getByRole("button", { name: "Join replication: singapore" }).waitFor();
  });

  it("says that it lost contact, moves nothing, and goes on by itself", async () => {
    const page = await open({ viewport: { width: 360, height: 740 } });
    const before = await page.getByRole("article", { name: "ireland" }).boundingBox();
    await tested.stop();
    await page.getByRole("status").getByText("Lost contact, trying again").waitFor();
    assert.deepEqual(await page.getByRole("article", { name: "ireland" }).boundingBox(), before);
    await page.getByRole("button", { name: "Stop region: ireland" }).click();
    await page.getByRole("status").getByText("Lost contact").waitFor();
    assert.deepEqual(await axeViolations(page), []);
    tested.tickets = 8;
    await tested.start();
    await page.getByText("Live", { exact: true }).waitFor();
    await page.getByRole("article", { name: "singapore" }).getByText("8 tickets").waitFor();
  });

  it("says why a change was refused until the next one", async () => {
    const page = await open();
    await page.route("**/regions/ireland", (route) =>
      route.fulfill({ status: 500, contentType: "application/problem+json", body: '{"detail":"not today"}' }),
    );
    await page.getByRole("button", { name: "Stop region: ireland" }).click();
    await page.getByRole("status").getByText("ireland could not be changed: not today").waitFor();
    await page.getByRole("button", { name: "Stop region: singapore" }).click();
    await page.getByText("Live", { exact: true }).waitFor();
  });

  it("puts new events on top and leaves the reader's place in the list alone", async () => {
    tested.events = Array.from({ length: 60 }, (_, index) => `Event ${index}`);
    const page = await open();
    const list = page.getByRole("list", { name: "What happened" });
    assert.match(
      (await list.getByRole("listitem").first().textContent()) ?? "",
      /^\d\d:\d\d:\d\d.*Event 59$/,
    );
    await list.evaluate((node) => {
      (node as unknown as { scrollTop: number }).scrollTop = 400;
    });
    const event = list.getByText("Event 40", { exact: true });
    const before = await event.boundingBox();
    tested.events = [...tested.events, "Event 60", "Event 61"];
    await list.getByText("Event 61", { exact: true }).waitFor({ state: "attached" });
    assert.deepEqual(await event.boundingBox(), before);
  });

  for (const colorScheme of ["light", "dark"] as const)
    it(`has no violation that axe knows of, and fits a phone, ${colorScheme}`, async () => {
      tested.lags = [40, 60, 30];
      tested.regions.setState("ireland", "down");
      tested.regions.setState("singapore", "isolated");
      assert.deepEqual(await axeViolations(await open({ colorScheme })), []);
      const phone = await open({ colorScheme, viewport: { width: 360, height: 740 }, hasTouch: true });
      assert.deepEqual(await axeViolations(phone), []);
      assert.equal(await phone.evaluate("document.documentElement.scrollWidth"), 360);
    });
});
