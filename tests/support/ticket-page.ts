import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";

/** The page as its users see it. */
export class TicketPage {
  /** Errors that no code of the page caught. */
  readonly faults: string[] = [];

  private constructor(readonly page: Page) {
    page.on("pageerror", (error) => this.faults.push(error.message));
  }

  /** Opens it in a window of its own, with nothing stored. */
  static async open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<TicketPage> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    const ticketPage = new TicketPage(await context.newPage());
    ticketPage.page.setDefaultTimeout(30_000);
    await ticketPage.page.addInitScript({ content: SUM_LAYOUT_SHIFTS + KEEP_NOTICES });
    await ticketPage.page.goto(url);
    await ticketPage.list.and(ticketPage.page.locator('[aria-busy="false"]')).waitFor({ state: "attached" });
    return ticketPage;
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
   * Waits for something that is said in passing.
   * @throws Error with everything that was said so far, when it is not.
   */
  async notice(text: string | RegExp): Promise<void> {
    try {
      await this.page.getByRole("status").getByText(text).first().waitFor();
    } catch (error) {
      const said = await this.page.evaluate<string[]>("window.notices");
      throw new Error(`Instead of ${text} was said: ${said.join(" | ")}`, { cause: error });
    }
  }

  /** As if the page had been hidden for a moment: what it does now and then it does at once. */
  async lookAgain(): Promise<void> {
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
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes)
      for (const node of addedNodes) if (node.matches?.(".notice")) window.notices.push(node.textContent);
  }).observe(document, { childList: true, subtree: true });
`;

const FOCUSED = `(() => {
  const { activeElement } = document;
  if (activeElement.matches(".card")) return "card " + activeElement.querySelector("h3").textContent;
  return activeElement.labels?.[0]?.firstChild.textContent ?? activeElement.ariaLabel ?? activeElement.textContent.trim();
})()`;
