import assert from "node:assert/strict";
import type { Browser, Locator, Page } from "playwright-core";
import { nextVersion } from "../../functions/replication/version";
import type { Image } from "../../functions/shared/image";
import { toImage } from "../../testing/attribute-values";
import { ProjectCopy } from "../../testing/project-copy";
import { RunningCloud } from "../../testing/running-cloud";
import { inserted } from "../../testing/stream-records";
import { idOf, IRELAND, ticketItem } from "../../testing/tickets";
import { openBrowser } from "../support/browser";
import { LocalRegion } from "../support/local-region";
import { waitFor } from "../support/wait-for";

const HEADER = "ui/src/header.tsx";
const HEALTH = "functions/health/health.ts";
const OPENAPI = "functions/openapi/describe-api.ts";

describe("npm start -- --watch --no-domain", function () {
  this.timeout(180_000);

  let copy: ProjectCopy;
  let cloud: RunningCloud;
  let browser: Browser;
  let ireland: LocalRegion;
  let singapore: LocalRegion;
  let console: Page;
  /** Pages of the running test. */
  const pages: Page[] = [];

  before(async () => {
    copy = new ProjectCopy();
    copy.edit(OPENAPI, "return apiHandler(", 'throw new Error("broken factory");\n  return apiHandler(');
    [cloud, browser] = await Promise.all([
      RunningCloud.startIn(copy.folder, "--watch", "--no-domain", "--queue-count-lag", "2"),
      openBrowser(),
    ]);
    ireland = new LocalRegion(cloud.addresses.regions.ireland);
    singapore = new LocalRegion(cloud.addresses.regions.singapore);
    console = await browser.newPage();
    await console.goto(cloud.addresses.console);
  });
  afterEach(async function () {
    await Promise.all(pages.splice(0).map((page) => page.close()));
    if (this.currentTest?.state === "failed") globalThis.console.log(cloud?.log());
  });
  after(async () => {
    await browser?.close();
    assert.equal(await cloud?.stop(), 0);
    copy.remove();
  });

  /** Opens the web UI until the end of the test. */
  async function openWebUi(): Promise<Page> {
    const page = await browser.newPage();
    pages.push(page);
    const [url] = Object.values(cloud.addresses.frontDoor);
    await page.goto(url);
    return page;
  }

  function row(id: string): Locator {
    return console.getByRole("row").filter({ has: console.getByRole("button", { name: id }) });
  }

  it("shows in the console a write that arrives in the other region, a partition, and its conflict", async () => {
    const { id } = await ireland.api.create("Written in Ireland");
    await row(id).getByText("Equal", { exact: true }).waitFor();
    await cloud.setRegion("ireland", "isolated");
    await ireland.edit(id, "Edited in Ireland");
    await row(id)
      .getByText(/^Older in singapore, by /)
      .waitFor();
    await singapore.api.delete(id);
    await row(id)
      .getByText(/^Conflict: neither write knew the other/)
      .waitFor();
    await cloud.setRegion("ireland", "up");
    await row(id).waitFor({ state: "detached" });
    await console.getByRole("button", { name: "Deleted", exact: true }).click();
    await row(id).getByText("Deleted in both regions").waitFor();
    await console.getByRole("button", { name: "Newest", exact: true }).click();
  });

  it("follows a request in the console from its id to the batch that replicated its write", async () => {
    const response = await fetch(`${ireland.at.api}/tickets`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ subject: "Followed" }),
    });
    const { id } = (await response.json()) as { id: string };
    const field = console.getByLabel("Request id, ticket id or version");
    await field.fill(response.headers.get("x-request-id") ?? "");
    const lines = console.getByRole("list", { name: "Logs" }).getByRole("listitem");
    await lines.filter({ hasText: `${id} applied` }).waitFor();
    await waitFor(async () => (await lines.count()) === 3, { what: "the lines of the request" });
    assert.deepEqual((await lines.locator("strong").allTextContents()).sort(), [
      "ireland access",
      "ireland ireland-api-create",
      "ireland ireland-to-singapore",
    ]);
  });

  it("redrives a quarantined record in the console, names why another one stays, and discards it", async () => {
    const version = nextVersion(IRELAND, Date.now(), undefined);
    await ireland.quarantine(inserted(ticketItem({ id: idOf(101), version }), 1));
    await ireland.put(toImage({ ...ticketItem({ id: idOf(102) }), version: "rubbish" }) as Image);
    const records = console.getByRole("list", { name: /^Written in ireland/ }).getByRole("listitem");
    await waitFor(async () => (await records.count()) === 2, { what: "both records in quarantine" });
    await records.getByText("MalformedRecord: The item has no valid version.").waitFor();
    await console.getByRole("button", { name: "Redrive: ireland" }).click();
    await records.getByText("Stays after the redrive:").waitFor();
    await waitFor(async () => (await records.count()) === 1, { what: "only the poisoned record" });
    assert.equal((await singapore.item(idOf(101)))?.origin.S, IRELAND);
    await row(idOf(101)).getByText("Missing in ireland").waitFor();

    const discard = console.getByRole("group", { name: "Discard in ireland" });
    await discard.getByLabel("Reason for a discard").fill("Written by a test");
    await discard.getByRole("button", { name: "Discard: ireland", exact: true }).click();
    await console
      .getByRole("group", { name: "Result of the redrive of ireland" })
      .filter({ hasText: /"event":"discard".*"reason":"Written by a test".*rubbish/ })
      .waitFor();
    await console.getByText("Written in ireland: nothing in quarantine").waitFor();
    assert.equal(await ireland.messages(), 0);
  });

  it("runs a saved handler in both regions", async () => {
    copy.edit(HEALTH, "checkedAt }", "checkedAt, changed: true }");
    for (const { at } of [ireland, singapore])
      await waitFor(async () => (await (await fetch(`${at.api}/health`)).text()).includes('"changed":true'), {
        what: `the changed handler in ${at.name}`,
      });
  });

  it("shows a function that does not start in the terminal, the console and the browser until a save fixes it", async () => {
    const before = await openWebUi();
    const describeApi = (): Promise<Response> => fetch(`${ireland.at.api}/openapi.json`);
    assert.equal((await describeApi()).status, 500);
    await before.locator("vite-error-overlay").waitFor({ state: "attached" });
    const after = await openWebUi();
    await after.locator("vite-error-overlay").waitFor({ state: "attached" });
    const banner = console.getByRole("alert").filter({ hasText: "ireland-api-openapi does not start" });
    await banner.getByText(/^Error: broken factory\n.*functions\/openapi\/describe-api\.ts:\d+/).waitFor();
    assert.match(cloud.log(), /^ireland-api-openapi does not start\. Error: broken factory$/m);
    copy.restore(OPENAPI);
    await banner.waitFor({ state: "hidden" });
    for (const page of [before, after])
      await page.locator("vite-error-overlay").waitFor({ state: "detached" });
    assert.equal((await describeApi()).status, 200);
  });

  it("reloads the web UI when one of its sources is saved", async () => {
    const page = await openWebUi();
    await page.getByRole("heading", { name: "Tickets", exact: true }).waitFor();
    copy.edit(HEADER, "<h1>Tickets</h1>", "<h1>Changed tickets</h1>");
    await page.getByRole("heading", { name: "Changed tickets", exact: true }).waitFor();
    await page.getByRole("heading", { name: "Followed", exact: true }).waitFor();
  });
});
