import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { waitFor } from "../support/wait-for";

/** Operates the web UI as a user does. */
export class WebUiDriver {
  /** Uncaught errors in the browser. */
  readonly uncaughtErrors: string[] = [];
  private noticesTaken = 0;

  private constructor(readonly page: Page) {
    page.on("pageerror", (error) => this.uncaughtErrors.push(error.message));
    page.on("domcontentloaded", () => (this.noticesTaken = 0));
  }

  /** Opens the web UI in a new browser context without stored data. */
  static async open(
    browser: Browser,
    url: string,
    options: BrowserContextOptions = {},
  ): Promise<WebUiDriver> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    const ui = new WebUiDriver(await context.newPage());
    ui.page.setDefaultTimeout(60_000);
    await ui.page.addInitScript({ content: SUM_LAYOUT_SHIFTS + KEEP_NOTICES });
    await ui.page.goto(url);
    await ui.list.and(ui.page.locator('[aria-busy="false"]')).waitFor({ state: "attached" });
    return ui;
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  get list(): Locator {
    return this.page.locator("ul.list");
  }

  /** Returns the card of the ticket with a subject. */
  card(subject: string): Locator {
    const heading = this.page.getByRole("heading", { name: subject, exact: true });
    return this.page.locator("li.card").filter({ has: heading });
  }

  /** Returns the conflict badge of a ticket. */
  badge(subject: string): Locator {
    return this.card(subject).getByRole("button", { name: /^Conflict in/ });
  }

  /** Returns the listed subjects from top to bottom. */
  async subjects(): Promise<string[]> {
    return this.page.locator("li.card h3").allTextContents();
  }

  /** Presses a button of a ticket, such as `Close`. */
  async press(button: string, subject: string): Promise<void> {
    await this.card(subject)
      .getByRole("button", { name: `${button} ${subject}`, exact: true })
      .click();
  }

  get createForm(): Locator {
    return this.page.getByRole("form", { name: "New ticket" });
  }

  /** Enters a subject in the form for new tickets and submits the form. */
  async create(subject: string): Promise<void> {
    await this.createForm.getByLabel("Subject").fill(subject);
    await this.createForm.getByRole("button", { name: "Create ticket" }).click();
  }

  get dialog(): Locator {
    return this.page.getByRole("dialog");
  }

  get pill(): Locator {
    return this.page.locator("#serving");
  }

  /**
   * Waits until the header shows that a region serves.
   * @param withinMs time limit in milliseconds; that of all waits by default.
   */
  async servedBy(region: string, withinMs?: number): Promise<void> {
    await this.pill.filter({ hasText: region }).waitFor({ timeout: withinMs });
  }

  /**
   * Waits for a notice that no earlier call returned, and returns its text. Finds notices that were already replaced, because a
   * busy machine may run the test too late to see them.
   * @param text part of the notice.
   * @throws Error with all notices shown so far when there is none.
   */
  async notice(text: string): Promise<string> {
    try {
      return await waitFor(() => this.takeNotice(text), { what: `the notice "${text}"` });
    } catch (error) {
      const shown = await this.page.evaluate<string[]>("window.notices");
      throw new Error(`Instead of ${text} these notices were shown: ${shown.join(" | ")}`, { cause: error });
    }
  }

  private async takeNotice(text: string): Promise<string | undefined> {
    const shown = await this.page.evaluate<string[]>("window.notices");
    const taken = shown.findIndex((notice, index) => index >= this.noticesTaken && notice.includes(text));
    if (taken < 0) return undefined;
    this.noticesTaken = taken + 1;
    return shown[taken];
  }

  /** Simulates that the web UI became visible again, so that it polls immediately. */
  async triggerVisibilityChange(): Promise<void> {
    await this.page.evaluate('void document.dispatchEvent(new Event("visibilitychange"))');
  }

  /** Returns the focused element: `card` with its subject, the label of a field, or the text of a button. */
  async focused(): Promise<string> {
    return this.page.evaluate<string>(FOCUSED);
  }

  /** Returns the sum of the layout shifts that no input caused since the web UI was opened: https://web.dev/articles/cls */
  async layoutShifts(): Promise<number> {
    return this.page.evaluate<number>("window.layoutShifts");
  }
}

// Scripts for the browser are text, because the types of the tests do not include the DOM.
const SUM_LAYOUT_SHIFTS = `
  window.layoutShifts = 0;
  new PerformanceObserver((entries) => {
    for (const { value, hadRecentInput } of entries.getEntries()) if (!hadRecentInput) window.layoutShifts += value;
  }).observe({ type: "layout-shift", buffered: true });
`;

const KEEP_NOTICES = `
  window.notices = [];
  const last = new WeakMap();
  new MutationObserver(() => {
    for (const element of document.querySelectorAll("[role=status]:not(.notices), .notices .notice")) {
      const text = element.textContent;
      if (text && last.get(element) !== text) window.notices.push(text);
      last.set(element, text);
    }
  }).observe(document, { childList: true, subtree: true, characterData: true });
`;

const FOCUSED = `(() => {
  const { activeElement } = document;
  if (activeElement.matches(".card")) return "card " + activeElement.querySelector("h3").textContent;
  return activeElement.labels?.[0]?.firstChild.textContent ?? activeElement.ariaLabel ?? activeElement.textContent.trim();
})()`;
