import assert from "node:assert/strict";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { openBrowser } from "../support/browser";
import { ConsoleFixture } from "./console-fixture";

/** Console of the running test, and its pages. */
export interface ConsoleUnderTest {
  readonly fixture: ConsoleFixture;
  /** Opens the console in a new browser context and waits until it is live. */
  open(options?: BrowserContextOptions): Promise<Page>;
}

/** Starts a console for each test of the enclosing `describe`. After each test, asserts that no error of a page was uncaught. */
export function useConsole(): ConsoleUnderTest {
  let browser: Browser;
  let fixture: ConsoleFixture;
  const faults: string[] = [];

  before(async () => {
    browser = await openBrowser();
  });
  beforeEach(async () => {
    fixture = new ConsoleFixture();
    await fixture.start();
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    await fixture.stop();
    assert.deepEqual(faults.splice(0), []);
  });
  after(() => browser?.close());

  return {
    get fixture() {
      return fixture;
    },
    async open(options = {}) {
      const page = await (await browser.newContext(options)).newPage();
      page.on("pageerror", ({ message }) => faults.push(message));
      await page.goto(fixture.url);
      await page.getByText("Live", { exact: true }).waitFor();
      return page;
    },
  };
}
