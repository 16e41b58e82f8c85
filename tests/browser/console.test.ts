import assert from "node:assert/strict";
import type { BrowserContextOptions, Page } from "playwright-core";
import { REGION_STATES } from "../../local/aws/region-state";
import { axeViolations } from "../support/axe";
import { waitFor } from "../support/wait-for";
import { CARDS, LAYOUT, type CardRows, type Layout } from "./console-layout";
import type { ConsoleFixture } from "./console-fixture";
import { useConsole } from "./console-page";

describe("Console in a browser", function () {
  const console = useConsole();
  const open = (options?: BrowserContextOptions): Promise<Page> => console.open(options);
  let tested: ConsoleFixture;
  beforeEach(() => ({ fixture: tested } = console));

  it("shows changes without a reload", async () => {
    const page = await open();
    await page.evaluate("window.loadedOnce = true");
    const singapore = page.getByRole("article", { name: "singapore" });
    await singapore.getByText("6 tickets in its table").waitFor();
    tested.tickets = 7;
    tested.regions.setState("ireland", "down");
    await singapore.getByText("7 tickets in its table").waitFor();
    tested.tickets = 1;
    await singapore.getByText("1 ticket in its table").waitFor();
    const ireland = page.getByRole("article", { name: "ireland" });
    await ireland.getByText("stopped").waitFor();
    await ireland.getByText("– tickets in its table").waitFor();
    await page.getByText("127.0.0.10, CloudFront").waitFor();
    assert.equal(await page.evaluate("window.loadedOnce"), true);
  });

  it("shows which region has taken over, and the result of its check in words", async () => {
    const page = await open();
    const badge = page.getByRole("article", { name: "singapore" }).getByText("has taken over");
    const check = page.getByRole("listitem").filter({ hasText: "routing-singapore-takeover" });
    await check.getByText("not taken over").waitFor();
    assert.equal(await badge.isVisible(), false);
    // All pills have the same height.
    const sizes = await page
      .locator(".pill:visible")
      .evaluateAll((pills) => pills.map((pill) => pill.getBoundingClientRect().height));
    assert.ok(sizes.length > 3);
    assert.equal(new Set(sizes).size, 1, `pills are ${sizes.join(", ")} pixels high`);
    tested.singaporeHasTakenOver = true;
    await badge.waitFor();
    assert.equal(await check.textContent(), "taken over routing-singapore-takeover 200, matched");
    assert.equal(await check.locator(".bad").count(), 0);
    assert.equal(
      await page.getByRole("article", { name: "ireland" }).getByText("has taken over").isVisible(),
      false,
    );
  });

  it("draws the lag, with a text alternative", async () => {
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

  it("stops and starts a region by keyboard, and keeps the focus", async () => {
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
    await page.getByRole("button", { name: "Restore replication: singapore" }).waitFor();
  });

  it("shows other roles and tables after a change of the program, and keeps the focus", async () => {
    const page = await open();
    const singapore = page.getByRole("article", { name: "singapore" });
    await singapore.getByText("secondary", { exact: true }).waitFor();
    const link = singapore.getByRole("link").last();
    await link.focus();
    Object.assign(tested, { primary: "singapore", table: "tickets-2" });
    await singapore.getByText("primary", { exact: true }).waitFor();
    await singapore.getByText("tickets-2", { exact: true }).waitFor();
    assert.equal(await page.evaluate("document.activeElement.textContent"), "http://127.0.0.1:9/tickets");
  });

  it("shows that the server does not respond, keeps the layout, and recovers by itself", async () => {
    const page = await open({ viewport: { width: 360, height: 740 } });
    const before = await page.getByRole("article", { name: "ireland" }).boundingBox();
    await tested.stop();
    await page.getByRole("status").getByText("No response, retrying").waitFor();
    assert.deepEqual(await page.getByRole("article", { name: "ireland" }).boundingBox(), before);
    await page.getByRole("button", { name: "Stop region: ireland" }).click();
    await page.getByRole("status").getByText("No response").waitFor();
    assert.deepEqual(await axeViolations(page), []);
    tested.tickets = 8;
    await tested.start();
    await page.getByText("Live", { exact: true }).waitFor();
    await page.getByRole("article", { name: "singapore" }).getByText("8 tickets").waitFor();
  });

  it("shows why a change failed until the next change", async () => {
    const page = await open();
    await page.route("**/regions/ireland", (route) =>
      route.fulfill({ status: 500, contentType: "application/problem+json", body: '{"detail":"not today"}' }),
    );
    await page.getByRole("button", { name: "Stop region: ireland" }).click();
    await page.getByRole("status").getByText("Changing ireland failed: not today").waitFor();
    await page.getByRole("button", { name: "Stop region: singapore" }).click();
    await page.getByText("Live", { exact: true }).waitFor();
  });

  it("adds new events on top and keeps the scroll position", async () => {
    tested.events = Array.from({ length: 60 }, (_, index) => `Event ${index}`);
    const page = await open();
    const list = page.getByRole("list", { name: "Events" });
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

  it("shows a problem of the local cloud as a banner until it is fixed", async () => {
    const page = await open();
    const banner = page.getByRole("alert");
    assert.equal(await banner.isVisible(), false);
    tested.problem = { title: "The program has an error.", detail: "index.ts(3,1): <b>missing</b>\nFix it." };
    await banner.getByText("The program has an error.").waitFor();
    await banner.getByText("index.ts(3,1): <b>missing</b>").waitFor();
    assert.deepEqual(await axeViolations(page), []);
    tested.problem = undefined;
    await banner.waitFor({ state: "hidden" });
  });

  for (const width of [360, 390, 768, 1280])
    it(`cuts nothing off and uses the width at ${width} pixels`, async () => {
      tested.lags = [40, 60, 260];
      tested.events = Array.from(
        { length: 40 },
        (_, index) => `Event ${index}, ${"with a long text ".repeat(index % 4)}`,
      );
      tested.regions.setState("ireland", "isolated");
      const page = await open({ viewport: { width, height: 900 }, hasTouch: width < 768 });
      assert.equal(await page.evaluate("document.documentElement.scrollWidth"), width);
      const layout = (await page.evaluate(LAYOUT)) as Layout;
      assert.deepEqual(layout.clippedLabels, []);
      assert.ok(layout.chartShare > 0.9, `the charts take ${layout.chartShare} of the width`);
      assert.equal(layout.cutPixels, 0, "a line of the list is cut");
      if (width < 768) assert.deepEqual(layout.smallTargets, []);
    });

  it("aligns the region cards in every state at every width", async () => {
    tested.singaporeHasTakenOver = true;
    const page = await open();
    for (const state of REGION_STATES) {
      tested.regions.setState("singapore", state);
      await page.locator(`.region[data-state="${state}"]`, { hasText: "singapore" }).waitFor();
      for (const width of [390, 768, 1280]) {
        await page.setViewportSize({ width, height: 900 });
        const [ireland, singapore] = (await page.evaluate(CARDS)) as readonly CardRows[];
        assert.equal(singapore.pillRows, 1, `${state} at ${width} pixels: the pills wrap`);
        assert.deepEqual(singapore.tops, ireland.tops, `${state} at ${width} pixels: the cards differ`);
      }
    }
  });

  for (const colorScheme of ["light", "dark"] as const)
    it(`has no axe violations and fits a phone, ${colorScheme}`, async () => {
      tested.lags = [40, 60, 30];
      tested.regions.setState("ireland", "down");
      tested.regions.setState("singapore", "isolated");
      tested.singaporeHasTakenOver = true;
      assert.deepEqual(await axeViolations(await open({ colorScheme })), []);
      const phone = await open({ colorScheme, viewport: { width: 360, height: 740 }, hasTouch: true });
      assert.deepEqual(await axeViolations(phone), []);
      assert.equal(await phone.evaluate("document.documentElement.scrollWidth"), 360);
    });
});
