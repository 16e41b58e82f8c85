import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { formatVersion } from "../../functions/replication/version";
import { LogStore } from "../../local/console/logs/log-store";
import { idOf, IRELAND } from "../../testing/tickets";
import { axeViolations } from "../support/axe";
import { waitFor } from "../support/wait-for";
import { useConsole } from "./console-page";

const REQUEST = "cBjf3kSxDoEEJjQ=";

describe("Logs of the console in a browser", () => {
  const console = useConsole();

  function log(source: string, record: object | string): void {
    console.fixture.logs.add(source, typeof record === "string" ? record : JSON.stringify(record));
  }

  /** Logs a write that Ireland replicated, and other lines. */
  function logWrite(): void {
    const version = formatVersion({ milliseconds: 1_800_000_000_000, counter: 0, region: IRELAND });
    const request = { requestId: REQUEST, ticketId: idOf(1), version };
    log("ireland access", {
      routeKey: "GET /tickets",
      status: "200",
      responseLatency: "5",
      requestId: "another-request",
    });
    log("ireland ireland-create-0a1b2c3", { level: "INFO", message: "Answered", ...request });
    log("ireland access", {
      routeKey: "POST /tickets",
      status: "201",
      responseLatency: "9",
      requestId: REQUEST,
    });
    const writes = [{ item: idOf(1), version, result: "applied" }];
    log("ireland ireland-to-singapore-0a1b2c3", { level: "INFO", message: "replicated", writes });
    log("singapore access", {
      routeKey: "GET /tickets",
      status: "503",
      responseLatency: "5",
      requestId: "third-request",
    });
  }

  const lines = (page: Page): Locator => page.getByRole("list", { name: "Logs" }).getByRole("listitem");
  const waitForCount = (page: Page, count: number): Promise<unknown> =>
    waitFor(async () => (await lines(page).count()) === count, { what: `${count} lines` });

  it("shows new lines without a reload, oldest first, with time and level", async () => {
    logWrite();
    const page = await console.open();
    await waitForCount(page, 5);
    assert.match(
      await lines(page).last().innerText(),
      /^\d\d:\d\d:\d\d\.\d{3}\s*ERROR\s*singapore access\s*GET \/tickets 503/,
    );
    log("singapore list-0a1b2c3", "a new line");
    await lines(page).last().getByText("a new line").waitFor();
    await page.getByText("6 lines.").waitFor();
  });

  it("filters by region, function, level and text", async () => {
    logWrite();
    const page = await console.open();
    await waitForCount(page, 5);
    const choose = (label: string, value: string): Promise<unknown> =>
      page.getByLabel(label, { exact: true }).selectOption(value);
    await choose("Region", "singapore");
    await waitForCount(page, 1);
    await choose("Region", "");
    await choose("Function", "access");
    await waitForCount(page, 3);
    await choose("Lowest level", "ERROR");
    await waitForCount(page, 1);
    await page.getByRole("button", { name: "Clear the filter" }).click();
    await waitForCount(page, 5);
    await page.getByLabel("Text", { exact: true }).fill("post /TICKETS");
    await waitForCount(page, 1);
    log("ireland access", { routeKey: "GET /health", status: "200" });
    await page.getByRole("button", { name: "Clear the filter" }).click();
    await page.getByLabel("Health checks, heartbeats and metrics").check();
    await waitForCount(page, 6);
  });

  it("follows a request to the batch that replicated its write, by keyboard", async () => {
    logWrite();
    const page = await console.open();
    await waitForCount(page, 5);
    const line = lines(page).filter({ hasText: "POST /tickets" });
    await line.locator("summary").focus();
    await page.keyboard.press("Enter");
    await line.getByRole("group", { name: "Whole line" }).getByText('"status": "201"').waitFor();
    await line.getByRole("button", { name: `Follow request ${REQUEST}` }).press("Enter");
    await waitForCount(page, 3);
    assert.deepEqual(await lines(page).locator("strong").allTextContents(), [
      "ireland ireland-create",
      "ireland access",
      "ireland ireland-to-singapore",
    ]);
    assert.equal(await page.getByLabel("Request id, ticket id or version").inputValue(), REQUEST);
    await page.getByLabel("Request id, ticket id or version").fill("short");
    await page.getByText("follow must be the id of a request").waitFor();
  });

  it("follows a ticket from its dialog", async () => {
    logWrite();
    const page = await console.open();
    await page.getByLabel("Ticket id", { exact: true }).fill(idOf(1));
    await page.getByRole("button", { name: "Show ticket" }).click();
    await page.getByRole("button", { name: "Follow in the logs" }).click();
    await waitForCount(page, 3);
    assert.equal(await page.evaluate("document.activeElement.id"), "logs-title");
  });

  it("moves the focus to the next line when the focused one is no longer shown", async () => {
    logWrite();
    const page = await console.open();
    await lines(page).first().locator("summary").focus();
    for (let number = 1; number <= 496; number++) log("dynamodb", `line ${number}`);
    await lines(page).getByText("line 496", { exact: true }).waitFor();
    assert.match(
      String(await page.evaluate("document.activeElement.textContent")),
      /ireland-create Answered/,
    );
  });

  it("pauses and resumes", async () => {
    log("dynamodb", "before");
    const page = await console.open();
    await waitForCount(page, 1);
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByText("1 line, paused.").waitFor();
    log("dynamodb", "while paused");
    const asked = page.waitForResponse("**/state");
    await asked;
    assert.equal(await lines(page).count(), 1);
    await page.getByRole("button", { name: "Resume" }).click();
    await waitForCount(page, 2);
  });

  it("shows text of a log as text, and wraps long lines", async () => {
    log("dynamodb", `<img src=x onerror="window.hacked=1"> ${"x".repeat(5000)}`);
    const page = await console.open({ viewport: { width: 320, height: 740 } });
    await lines(page).getByText("<img src=x").waitFor();
    assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 320);
    assert.equal(await page.evaluate("window.hacked"), undefined);
  });

  it("starts again after a restart of the local cloud", async () => {
    logWrite();
    const page = await console.open();
    await waitForCount(page, 5);
    await console.fixture.stop();
    console.fixture.logs = new LogStore(["ireland", "singapore"]);
    console.fixture.startedAt = 2;
    log("dynamodb", "after the restart");
    await console.fixture.start();
    await lines(page).getByText("after the restart").waitFor();
    await waitForCount(page, 1);
  });

  it("shows at most 500 lines and keeps the scroll position of a reader", async () => {
    for (let number = 1; number <= 450; number++) log("dynamodb", `line ${number}`);
    const page = await console.open();
    await waitForCount(page, 450);
    const isAtEnd = (): Promise<boolean> =>
      page.evaluate(
        "(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight < 4)(document.getElementById('log-lines'))",
      );
    assert.equal(await isAtEnd(), true);
    for (let number = 451; number <= 600; number++) log("dynamodb", `line ${number}`);
    await lines(page).getByText("line 600", { exact: true }).waitFor();
    assert.deepEqual([await lines(page).count(), await isAtEnd()], [500, true]);
    await lines(page).getByText("line 300", { exact: true }).scrollIntoViewIfNeeded();
    log("dynamodb", "line 601");
    await lines(page).getByText("line 601", { exact: true }).waitFor({ state: "attached" });
    assert.equal(await isAtEnd(), false);
  });

  for (const colorScheme of ["light", "dark"] as const)
    it(`has no axe violations and fits 320 pixels, ${colorScheme}`, async () => {
      logWrite();
      log("ireland list-0a1b2c3", { level: "WARN", message: "slow" });
      const page = await console.open({ colorScheme, viewport: { width: 320, height: 740 }, hasTouch: true });
      await waitForCount(page, 6);
      await lines(page).last().locator("summary").click();
      assert.deepEqual(await axeViolations(page), []);
      assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 320);
    });
});
