import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { waitFor } from "../support/wait-for";

/** The page as its users see it. */
export class WebUiDriver {
  /** Errors that no code of the page caught. */
  readonly uncaughtErrors: string[] = [];
  private noticesTaken = 0;

  private constructor(readonly page: Page) {
    page.on("pageerror", (error) => this.uncaughtErrors.push(error.message));
    page.on("domcontentloaded", () => (this.noticesTaken = 0));
  }

  /** Opens it in a window of its own, with nothing stored. */
  static async open(
    browser: Browser,
    url: string,
    options: BrowserContextOptions = {},
  ): Promise<WebUiDriver> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    const ui = new WebUiDriver(await context.newPage());
    ui.page.setDefaultTimeout(30_000);
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

  /** The card of the ticket with a subject. */
  card(subject: string): Locator {
    const heading = this.page.getByRole("heading", { name: subject, exact: true });
    return this.page.locator("li.card").filter({ has: heading });
  }

  /** The mark of a ticket with a conflict. */
  badge(subject: string): Locator {
    return this.card(subject).getByRole("button", { name: /^Conflict in/ });
  }

  /** The subjects that are listed, from top to bottom. */
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

  /** Fills the form for new tickets with a subject and sends it. */
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

  /** Waits until a region is said to serve. */
  async servedBy(region: string): Promise<void> {
    await this.pill.filter({ hasText: region }).waitFor();
  }

  /**
   * Waits for a notice that no earlier call returned, and returns its text. A notice counts also when a later one has replaced it:
   * on a busy machine that happens before a test can look.
   * @param text what the notice contains.
   * @throws Error with every notice shown so far, when there is none.
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

  /** As if the page had been hidden for a moment: what it does now and then it does at once. */
  async triggerVisibilityChange(): Promise<void> {
    await this.page.evaluate('void document.dispatchEvent(new Event("visibilitychange"))');
  }

  /** What has the focus: `card` with its subject, a field's label, or a button's text. */
  async focused(): Promise<string> {
    return this.page.evaluate<string>(FOCUSED);
  }

  /** Sum of the layout shifts since the page was opened that no input caused: https://web.dev/articles/cls */
  async layoutShifts(): Promise<number> {
    return this.page.evaluate<number>("window.layoutShifts");
  }
}

// What runs in the browser is text: the project's types know no DOM outside of the page.
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
