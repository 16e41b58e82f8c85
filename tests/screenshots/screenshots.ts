import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { RoutingControl } from "../browser/routing-control";
import { openBrowser } from "../support/browser";
import { RunningCloud } from "../../testing/running-cloud";
import { RegionClient } from "../support/region-client";
import { waitFor } from "../support/wait-for";
import { indexedPng } from "./indexed-png";

/** Limit of every wait, in milliseconds. */
const WAIT_MS = 60_000;

/** Both regions and the ticket that they will both change. */
interface TestData {
  readonly cloud: RunningCloud;
  readonly ireland: RegionClient;
  readonly singapore: RegionClient;
  readonly disputedId: string;
}

/**
 * Takes the screenshots of the documents: the conflict view, then the web UI and the console while Ireland is stopped.
 * Starts a local cloud on free ports and stops it.
 */
export async function takeScreenshots(folder: string): Promise<void> {
  const [cloud, browser] = await Promise.all([RunningCloud.start("--speed", "10"), openBrowser()]);
  const routing = new RoutingControl(cloud.addresses);
  try {
    // On a slow machine, Singapore may take over during the cold start of the functions.
    await routing.returnToIreland();
    const data = await createTickets(cloud);
    await causeConflict(data);
    const ui = cloud.addresses.frontDoor["app.tickets.test"];
    const page = await openPage(browser, `${ui}/?ticket=${data.disputedId}&view=conflict`, 1100, 860);
    await page.getByRole("region", { name: "Result" }).waitFor();
    await save(page, join(folder, "ui-conflict.png"));

    const consolePage = await openPage(browser, cloud.addresses.console, 1100, 800);
    await cloud.setRegion("ireland", "down");
    await page.setViewportSize({ width: 1200, height: 700 });
    await page.goto(`${ui}/`);
    await page.locator("#serving").filter({ hasText: "Singapore" }).waitFor();
    await page.getByRole("button", { name: /^Conflict in/ }).waitFor();
    await save(page, join(folder, "ui.png"));

    const checks = consolePage.getByRole("listitem");
    for (const [name, state] of [
      ["routing-ireland ", "unhealthy"],
      ["routing-singapore-takeover", "taken over"],
    ])
      await checks.filter({ hasText: name }).getByText(state, { exact: true }).first().waitFor();
    await save(consolePage, join(folder, "console.png"), true);
  } finally {
    routing.close();
    await browser.close();
    await cloud.stop();
  }
}

/** Creates tickets in both regions, and waits until both have all of them. */
async function createTickets(cloud: RunningCloud): Promise<TestData> {
  const ireland = new RegionClient(cloud.addresses.regions.ireland.api);
  const singapore = new RegionClient(cloud.addresses.regions.singapore.api);
  const data = { cloud, ireland, singapore };
  const { id: disputedId } = await ireland.create("Refund has not arrived");
  await ireland.edit(disputedId, {
    description: "Cancelled on 3 November, booking QX7-113.",
    customer: "Nur Aisyah",
  });
  await create(singapore, "Meal preference is lost", {
    description: "I chose vegetarian twice. The crew had no record of it.",
    customer: "Priya Nair",
    priority: "low",
  });
  await create(ireland, "Boarding pass does not print", {
    customer: "Maeve Byrne",
    assignee: "Jun",
    priority: "high",
  });
  await create(singapore, "Lounge door does not open", { customer: "Jonas Weber", status: "closed" });
  await create(ireland, "Wrong name on the ticket", {
    description: "It says O NEIL.",
    customer: "Siobhán O’Neil",
    assignee: "Aoife",
    priority: "high",
  });
  await agreed(data);
  return { ...data, disputedId };
}

async function create(region: RegionClient, subject: string, fields: object): Promise<void> {
  const { id } = await region.create(subject);
  await region.edit(id, fields);
}

/** Changes one ticket in both regions while replication is cut. */
async function causeConflict({ cloud, ireland, singapore, disputedId }: TestData): Promise<void> {
  await cloud.setRegion("ireland", "isolated");
  await ireland.edit(disputedId, {
    description: "Cancelled on 3 November, booking QX7-113. The refund was sent today, reference 88-1204.",
    assignee: "Jun",
    priority: "high",
    status: "closed",
  });
  await singapore.edit(disputedId, {
    description: "Cancelled on 3 November, booking QX7-113. The bank has received nothing.",
    assignee: "Mei",
  });
  await cloud.setRegion("ireland", "up");
  await agreed({ ireland, singapore });
}

/** Waits until both regions list the same tickets. */
async function agreed({ ireland, singapore }: Pick<TestData, "ireland" | "singapore">): Promise<void> {
  await waitFor(
    async () => {
      const lists = await Promise.all([ireland.list(), singapore.list()]);
      return JSON.stringify(lists[0]) === JSON.stringify(lists[1]);
    },
    { what: "both regions to list the same tickets" },
  );
}

async function openPage(browser: Browser, url: string, width: number, height: number): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height }, reducedMotion: "reduce" });
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT_MS);
  await page.goto(url);
  return page;
}

async function save(page: Page, file: string, fullPage = false): Promise<void> {
  const png = indexedPng(await page.screenshot({ animations: "disabled", caret: "hide", fullPage }));
  writeFileSync(file, png);
  console.log(`${file}: ${Math.round(png.length / 1024)} KiB`);
}
