import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { Image } from "../../functions/shared/image";
import { toImage } from "../../testing/attribute-values";
import { idOf, IRELAND, SINGAPORE, ticketItem, versionAt } from "../../testing/tickets";
import { axeViolations } from "../support/axe";
import { waitFor } from "../support/wait-for";
import { useConsole } from "./console-page";

describe("Tickets of the console in a browser", () => {
  const console = useConsole();

  const image = (number: number, more: Parameters<typeof ticketItem>[0] = {}): Image => {
    const createdAt = `2026-01-01T00:${String(number).padStart(2, "0")}:00.000Z`;
    const id = idOf(number);
    const own = { id, createdAt, listSortKey: `${createdAt}#${id}`, subject: `Ticket ${number}` };
    return toImage(ticketItem({ ...own, version: versionAt(number), ...more })) as Image;
  };
  const tombstone = (number: number): Image =>
    toImage({
      id: idOf(number),
      deleted: true,
      expiresAt: 1_900_000_000,
      version: versionAt(1000 + number),
      origin: IRELAND,
      seen: { [IRELAND]: versionAt(number) },
    }) as Image;

  function store(region: 0 | 1, ...images: readonly Image[]): void {
    for (const stored of images) console.fixture.items[region].images.set(stored.id.S ?? "", stored);
  }

  const row = (page: Page, number: number): ReturnType<Page["locator"]> =>
    page.getByRole("row").filter({ has: page.getByRole("button", { name: idOf(number) }) });

  /** Stores a ticket in each relation of the two regions. */
  function storeAll(): void {
    store(
      0,
      image(1),
      image(2),
      image(3, { version: versionAt(2500), subject: "New" }),
      tombstone(4),
      tombstone(5),
    );
    store(1, image(1), image(3), image(4), tombstone(5));
    store(0, image(6, { subject: "Ireland's" }));
    store(1, image(6, { subject: "Singapore's", origin: SINGAPORE, version: versionAt(9, SINGAPORE) }));
  }

  it("shows both tables side by side and names each difference", async () => {
    storeAll();
    const page = await console.open();
    await row(page, 6).waitFor();
    const texts = async (number: number): Promise<string[]> =>
      row(page, number).locator("td").allInnerTexts();
    const [ireland, singapore, comparison] = await texts(2);
    assert.match(ireland, /^Ticket 2\nopen, \d\d:\d\d:\d\d\.\d{3} from ireland$/);
    assert.deepEqual([singapore, comparison], ["missing", "differs\nMissing in singapore"]);
    assert.match((await texts(1))[2], /^equal\s+Equal$/);
    assert.match((await texts(3))[1], /older version$/);
    assert.match((await texts(3))[2], /differs\s+Older in singapore, by 2\.5 s$/);
    assert.match((await texts(4))[0], /^deleted \(tombstone\)/);
    assert.match((await texts(4))[2], /Deleted in ireland, an older version in singapore$/);
    assert.match((await texts(6))[2], /^conflict\s+Conflict: neither write knew the other/);
    assert.equal(await row(page, 5).count(), 0);
  });

  it("follows changes and a region that stops, without a reload", async () => {
    store(0, image(1));
    const page = await console.open();
    await row(page, 1).getByText("Missing in singapore").waitFor();
    store(1, image(1));
    await row(page, 1).getByText("Equal", { exact: true }).waitFor();
    console.fixture.items[1].isDown = true;
    await row(page, 1).getByText("singapore does not respond").waitFor();
  });

  it("turns pages, newest first, and shows tombstones", async () => {
    for (let number = 1; number <= 25; number++) store(0, image(number));
    store(0, tombstone(30));
    const page = await console.open();
    const ids = (): Promise<string[]> => page.locator("#ticket-rows .id").allTextContents();
    await row(page, 25).waitFor();
    assert.deepEqual([(await ids()).length, (await ids())[19]], [20, idOf(6)]);
    const previous = page.getByRole("button", { name: "Previous page" });
    assert.equal(await previous.getAttribute("aria-disabled"), "true");
    await page.getByRole("button", { name: "Next page" }).click();
    await row(page, 1).waitFor();
    assert.deepEqual((await ids()).length, 5);
    await previous.click();
    await row(page, 25).waitFor();
    await page.getByRole("button", { name: "Deleted", exact: true }).click();
    await row(page, 30).waitFor();
    await waitFor(async () => (await ids()).length === 1, { what: "only the tombstone" });
  });

  it("explains the replication attributes of both items in a dialog, by keyboard", async () => {
    storeAll();
    const page = await console.open();
    await row(page, 4).getByRole("button").focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: `Ticket ${idOf(4)}` });
    await dialog.getByText("A tombstone, the record of a delete.").waitFor();
    await dialog
      .getByText(/Written in ireland \(eu-west-1\) at .* Counter 0/)
      .first()
      .waitFor();
    await dialog.getByText(/^Attributes that differ: .*deleted, .*version\.$/).waitFor();
    assert.deepEqual(await dialog.getByRole("heading", { level: 3 }).allTextContents(), [
      "ireland: a tombstone",
      "singapore: a ticket",
    ]);
    const json = dialog.getByRole("group", { name: "Item in ireland as JSON" });
    assert.deepEqual(JSON.parse((await json.textContent()) ?? ""), tombstone(4));
    assert.deepEqual(await axeViolations(page), []);
    store(1, tombstone(4));
    await dialog.getByText("Deleted in both regions").waitFor();
    await page.locator("#ticket-rows .id", { hasText: idOf(4) }).waitFor({ state: "detached" });
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    await waitFor(() => page.evaluate<boolean>("document.activeElement.id === 'tickets-title'"), {
      what: "the focus on the title",
    });
    await row(page, 1).getByRole("button").press("Enter");
    await page.getByRole("dialog").getByText("Equal", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Close" }).press("Enter");
    assert.equal(await page.evaluate("document.activeElement.textContent"), idOf(1));
  });

  it("moves the focus to the next ticket when the focused one disappears, at last to the heading", async () => {
    store(0, image(1), image(2), image(3));
    const page = await console.open();
    const disappear = async (number: number, focused: string): Promise<void> => {
      console.fixture.items[0].images.delete(idOf(number));
      await row(page, number).waitFor({ state: "detached" });
      assert.equal(await page.evaluate("document.activeElement.textContent"), focused);
    };
    await row(page, 2).getByRole("button").focus();
    store(0, image(4));
    await row(page, 4).waitFor();
    assert.equal(await page.evaluate("document.activeElement.textContent"), idOf(2));
    await disappear(2, idOf(1));
    await disappear(1, idOf(3));
    await disappear(3, idOf(4));
    await disappear(4, "Tickets in both tables");
  });

  it("keeps the focus in the dialog when its ticket changes", async () => {
    store(0, image(1));
    const page = await console.open();
    await row(page, 1).getByRole("button").click();
    const dialog = page.getByRole("dialog");
    const json = dialog.getByRole("group", { name: "Item in ireland as JSON" });
    await json.focus();
    const label = "document.activeElement.ariaLabel ?? document.activeElement.textContent";
    store(1, image(1));
    await dialog.getByText("Equal", { exact: true }).waitFor();
    assert.equal(await page.evaluate(label), "Item in ireland as JSON");
    await console.fixture.stop();
    await dialog.getByText("No response, retrying").waitFor();
    assert.equal(await page.evaluate(label), "Close");
  });

  it("shows a ticket by its id, and why an id is malformed", async () => {
    store(0, tombstone(7));
    const page = await console.open();
    const search = page.getByLabel("Ticket id", { exact: true });
    await search.fill(idOf(7));
    await search.press("Enter");
    await page.getByRole("dialog").getByText("Missing in singapore, deleted in ireland").waitFor();
    await page.keyboard.press("Escape");
    await search.fill("nonsense");
    await search.press("Enter");
    await page.getByRole("dialog").getByText("The id of a ticket has 26 upper-case letters").waitFor();
  });

  it("shows text of a ticket as text", async () => {
    store(0, image(1, { subject: '<img src=x onerror="window.hacked=1">' }));
    const page = await console.open();
    await row(page, 1).getByText("<img src=x").waitFor();
    await row(page, 1).getByRole("button").click();
    await page.getByRole("dialog").getByText("<img src=x").waitFor();
    assert.equal(await page.evaluate("window.hacked"), undefined);
  });

  for (const colorScheme of ["light", "dark"] as const)
    it(`has no axe violations and fits 320 pixels, ${colorScheme}`, async () => {
      storeAll();
      const page = await console.open({ colorScheme, viewport: { width: 320, height: 740 }, hasTouch: true });
      await row(page, 6).waitFor();
      assert.deepEqual(await axeViolations(page), []);
      assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 320);
      await row(page, 6).getByRole("button").click();
      await page.getByRole("dialog").getByText("Attributes that differ").waitFor();
      assert.deepEqual(await axeViolations(page), []);
      assert.equal(await page.evaluate("document.querySelector('dialog').scrollWidth <= 320"), true);
    });
});
