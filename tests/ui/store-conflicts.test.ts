import assert from "node:assert/strict";
import type { Conflict, Ticket } from "../../ui/src/data/api-types";
import { ChangeLost, NoRegionAnswers } from "../../ui/src/data/errors";
import { ireland, singapore } from "./fake-regions";
import { StoreFixture, ticketId } from "./store-fixture";

const OLDER = "001767225500000-000000-ap-southeast-1";
const NEWER = "001767225600000-000000-ap-southeast-1";

describe("The page's conflicts", () => {
  let page: StoreFixture;
  const there = (): Ticket => page.regions.ireland.live().find(({ id }) => id === ticketId(1))!;
  const badges = (): string =>
    page.store.tickets.value
      .filter(({ hasConflict }) => hasConflict)
      .map(({ subject }) => subject)
      .join(" ");
  const conflict = (losing: Partial<Ticket> | undefined, losingVersion = NEWER): Conflict => ({
    ...{ losingVersion, losingOrigin: singapore.code, winningVersion: "", winningOrigin: ireland.code },
    at: "2026-01-01T00:00:00.000Z",
    losing: losing
      ? { ...there(), ...losing }
      : { id: ticketId(1), deleted: true, version: losingVersion, origin: singapore.code },
  });

  beforeEach(async () => {
    page = new StoreFixture();
    page.regions.ireland.conflicts = [NEWER, OLDER].map((losingVersion) => ({
      id: ticketId(1),
      losingVersion,
    }));
    await page.withTickets(2);
  });

  it("are shown by a badge until the newest is settled", async () => {
    assert.equal(badges(), "1");
    page.regions.ireland.change(ticketId(1), { resolvedConflict: OLDER });
    await page.refresh();
    assert.equal(badges(), "1");
    page.regions.ireland.change(ticketId(1), { resolvedConflict: NEWER });
    await page.refresh();
    assert.equal(badges(), "");
  });

  it("stay as known when they cannot be read", async () => {
    for (const behaviour of [429, "cut"] as const) {
      page.regions.set(ireland, behaviour);
      page.regions.set(singapore, behaviour);
      await page.clock.pass(5_000);
      await page.refresh();
      assert.equal(badges(), "1");
    }
  });

  it("are settled for the ticket as it is: the badge goes at once, and nothing else changes", async () => {
    const before = there();
    const settling = page.store.settle(ticketId(1), conflict({ subject: "one" }), "current");
    assert.equal(badges(), "");
    await settling;
    assert.deepEqual([there().subject, there().resolvedConflict], [before.subject, NEWER]);
    assert.equal(badges(), "");
  });

  it("are settled for what the losing write said", async () => {
    await page.store.settle(ticketId(1), conflict({ subject: "one", priority: "high" }), "losing");
    assert.deepEqual([there().subject, there().priority, there().resolvedConflict], ["one", "high", NEWER]);
    assert.equal(badges(), "");
  });

  it("are settled by deleting the ticket when the losing write was a delete", async () => {
    await page.store.settle(ticketId(1), conflict(undefined), "losing");
    assert.equal(page.regions.ireland.live().length, 1);
    assert.equal(page.subjects, "2");
  });

  it("do not become unsettled again by settling an older one", async () => {
    await page.store.settle(ticketId(1), conflict({}), "current");
    await page.store.settle(ticketId(1), conflict({}, OLDER), "current");
    assert.equal(there().resolvedConflict, NEWER);
  });

  it("do not take back what somebody else has changed since the user compared", async () => {
    const seen = page.store.tickets.value.find(({ id }) => id === ticketId(1))!;
    const losing = conflict({ subject: "one" });
    page.regions.ireland.change(ticketId(1), { subject: "theirs" });
    await page.refresh();
    await assert.rejects(page.store.settle(ticketId(1), losing, "losing", seen), ChangeLost);
    await assert.rejects(page.store.settle(ticketId(1), conflict(undefined), "losing", seen), ChangeLost);
    assert.deepEqual([there().subject, badges()], ["theirs", "theirs"]);
  });

  it("are read for one ticket, newest first", async () => {
    assert.deepEqual(await page.store.conflicts(ticketId(1)), { conflicts: [] });
    for (const api of [ireland, singapore]) page.regions.set(api, "cut");
    await assert.rejects(page.store.conflicts(ticketId(1)), NoRegionAnswers);
  });
});
