import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { openBrowser } from "../support/browser";
import { RunningCloud } from "../support/local-cloud";
import { RegionClient } from "../support/region-client";
import { waitFor } from "../support/wait-for";

describe("The page in a browser", function () {
  this.timeout(60_000);

  let cloud: RunningCloud;
  let browser: Browser;
  let page: Page;
  const faults: string[] = [];

  before(async () => {
    cloud = await RunningCloud.start("--speed", "50");
    browser = await openBrowser();
    page = await browser.newPage();
    page.on("pageerror", (error) => faults.push(error.message));
    await page.goto(cloud.addresses.frontDoor["app.tickets.test"]);
  });
  after(async () => {
    await browser?.close();
    assert.equal(await cloud?.stop(), 0);
  });

  it("comes from the primary region and says so", async () => {
    await page.locator("#serving", { hasText: "Ireland · eu-west-1" }).waitFor();
  });

  it("creates a ticket and shows it", async () => {
    await create("The printer is on fire");
    await card("The printer is on fire").waitFor();
  });

  it("shows what is wrong at the field, and keeps what was typed", async () => {
    await page.getByLabel("Description").fill("Kept while the subject is mended");
    await create("x".repeat(201));
    await page.getByText("at most 200 are allowed").waitFor();
    assert.equal(await page.getByLabel("Description").inputValue(), "Kept while the subject is mended");
    await create("A subject that fits");
    await card("A subject that fits").waitFor();
  });

  it("goes on from Singapore when Ireland is stopped in the console", async () => {
    const singapore = new RegionClient(cloud.addresses.regions.singapore.api);
    await waitFor(async () => (await singapore.list()).length === 2, { what: "both tickets in Singapore" });
    await clickInConsole("Stop region: ireland");

    await page.locator("#serving", { hasText: "Singapore" }).waitFor();
    await card("The printer is on fire").getByRole("button", { name: "Closed" }).click();
    await page.locator('li.card[data-status="closed"]', { hasText: "The printer is on fire" }).waitFor();
    await card("A subject that fits")
      .getByRole("button", { name: /^Delete/ })
      .click();
    await page.getByRole("button", { name: "Delete ticket" }).click();
    await card("A subject that fits").waitFor({ state: "detached" });
    await create("Written while Ireland was away");
    await card("Written while Ireland was away").waitFor();
  });

  it("finds everything in Ireland once it is started again", async () => {
    await clickInConsole("Start: ireland");
    const ireland = new RegionClient(cloud.addresses.regions.ireland.api);
    await waitFor(
      async () =>
        (await subjects(ireland)) === "Written while Ireland was away: open, The printer is on fire: closed",
      {
        what: "the tickets of the outage in Ireland",
      },
    );
    await page.locator("#serving", { hasText: "Ireland" }).waitFor();
    assert.deepEqual(faults, []);
  });

  async function create(subject: string): Promise<void> {
    await page.getByLabel("Subject").fill(subject);
    await page.getByRole("button", { name: "Create ticket" }).click();
  }

  function card(subject: string): ReturnType<Page["locator"]> {
    return page.locator("li.card", { hasText: subject });
  }

  async function clickInConsole(button: string): Promise<void> {
    const console = await browser.newPage();
    await console.goto(cloud.addresses.console);
    const answer = console.waitForResponse(/\/regions\//);
    await console.getByRole("button", { name: button }).click();
    assert.equal((await answer).status(), 200);
    await console.close();
  }
});

async function subjects(region: RegionClient): Promise<string> {
  const tickets = await region.list();
  return tickets.map(({ subject, status }) => `${subject}: ${status}`).join(", ");
}
