import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { quarantineMessage } from "../../functions/replication/quarantined-record";
import { inserted } from "../../testing/stream-records";
import { idOf, IRELAND, ticketItem } from "../../testing/tickets";
import { axeViolations } from "../support/axe";
import { waitFor } from "../support/wait-for";
import { useConsole } from "./console-page";

describe("Quarantine of the console in a browser", () => {
  const console = useConsole();

  function quarantine(id: string, number: number, message = "It was too large."): void {
    const record = inserted(ticketItem({ id: idOf(number), subject: `Ticket ${number}` }), number);
    const body = quarantineMessage({
      error: "ValidationException",
      message,
      quarantinedAt: "2026-01-01T00:00:00.000Z",
      sourceRegion: IRELAND,
      record,
    });
    console.fixture.quarantine.messages.set(id, body as string);
  }

  const section = (page: Page): Locator => page.getByRole("region", { name: "Quarantine" });
  const list = (page: Page): Locator =>
    section(page)
      .getByRole("list", { name: /^Written in ireland/ })
      .getByRole("listitem");

  it("shows each record with its reason, and the whole record on demand", async () => {
    const page = await console.open();
    await section(page).getByText("Written in ireland: nothing in quarantine").waitFor();
    quarantine("m-1", 1, "<b>Item size</b> has exceeded the maximum allowed size");
    await section(page).getByText("Written in ireland: 1 record in quarantine").waitFor();
    await list(page).getByText("ValidationException: <b>Item size</b> has exceeded").waitFor();
    await list(page).getByText("message m-1").waitFor();
    await list(page).locator("summary").press("Enter");
    const whole = page.getByRole("group", { name: `Whole record of ${idOf(1)}` });
    await whole.getByText('"Ticket 1"').waitFor();
    const { record } = JSON.parse((await whole.textContent()) ?? "") as { record: { eventID: string } };
    assert.equal(record.eventID, "event-1");
  });

  it("redrives, shows the result, and names why a record stays", async () => {
    quarantine("m-1", 1);
    quarantine("m-2", 2);
    console.fixture.quarantine.poisoned.add("m-2");
    const page = await console.open();
    await waitFor(async () => (await list(page).count()) === 2, { what: "both records" });
    await page.getByRole("button", { name: "Preview: ireland" }).click();
    await page.getByText("1 applied, 0 stale, 2 still failing.").waitFor();
    assert.equal(await list(page).count(), 2);
    await page.getByRole("button", { name: "Redrive: ireland" }).press("Enter");
    await page.getByRole("status").getByText("Something is left").waitFor();
    await list(page).getByText("Stays after the redrive: The item has no valid version.").waitFor();
    assert.equal(await list(page).count(), 1);
    await page.getByText("1 applied, 0 stale, 1 still failing.").waitFor();
    assert.deepEqual(
      console.fixture.quarantine.asked.map(({ region, dryRun }) => [region, dryRun]),
      [
        ["ireland", true],
        ["ireland", false],
      ],
    );
  });

  it("moves the focus to the next record when the focused one is gone, at last to the heading", async () => {
    quarantine("m-1", 1);
    quarantine("m-2", 2);
    const page = await console.open();
    await list(page)
      .filter({ hasText: idOf(1) })
      .locator("summary")
      .focus();
    const leave = async (id: string, number: number): Promise<unknown> => {
      console.fixture.quarantine.messages.delete(id);
      await list(page)
        .filter({ hasText: idOf(number) })
        .waitFor({ state: "detached" });
      return page.evaluate("document.activeElement.textContent");
    };
    assert.match(String(await leave("m-1", 1)), new RegExp(`^${idOf(2)} ValidationException`));
    assert.equal(await leave("m-2", 2), "Written in ireland: nothing in quarantine");
  });

  it("discards only with a reason", async () => {
    quarantine("m-1", 1);
    console.fixture.quarantine.poisoned.add("m-1");
    const page = await console.open();
    await list(page).waitFor();
    const group = page.getByRole("group", { name: "Discard in ireland" });
    const discard = group.getByRole("button", { name: "Discard: ireland", exact: true });
    await discard.click();
    await group.getByText("Enter a reason.").waitFor();
    const reason = group.getByLabel("Reason for a discard");
    assert.equal(await reason.getAttribute("aria-invalid"), "true");
    assert.equal(await reason.evaluate("document.activeElement.id"), "reason-ireland");
    assert.deepEqual(console.fixture.quarantine.asked, []);
    await reason.fill("Written by a broken import");
    await group.getByRole("button", { name: "Preview discard: ireland" }).click();
    await page.getByRole("status").getByText("Something is left").waitFor();
    await discard.click();
    await section(page).getByText("Written in ireland: nothing in quarantine").waitFor();
    assert.deepEqual(
      console.fixture.quarantine.asked.map(({ dryRun, discard }) => [dryRun, discard]),
      [
        [true, "Written by a broken import"],
        [false, "Written by a broken import"],
      ],
    );
  });

  it("shows why a redrive was rejected", async () => {
    const page = await console.open();
    await page.route("**/quarantine/ireland", (route) =>
      route.fulfill({
        status: 409,
        contentType: "application/problem+json",
        body: '{"detail":"It is running."}',
      }),
    );
    await page.getByRole("button", { name: "Redrive: ireland" }).click();
    await page.getByRole("status").getByText("It is running.").waitFor();
  });

  for (const colorScheme of ["light", "dark"] as const)
    it(`has no axe violations and fits 320 pixels, ${colorScheme}`, async () => {
      quarantine("m-1", 1, "x".repeat(500));
      console.fixture.quarantine.poisoned.add("m-1");
      const page = await console.open({ colorScheme, viewport: { width: 320, height: 740 }, hasTouch: true });
      await list(page).locator("summary").click();
      await page.getByRole("button", { name: "Redrive: ireland" }).click();
      await list(page).getByText("Stays after the redrive").waitFor();
      await page.getByRole("button", { name: "Discard: ireland", exact: true }).click();
      assert.deepEqual(await axeViolations(page), []);
      assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 320);
    });
});
