import assert from "node:assert/strict";
import type { Conflict, Ticket } from "../../ui/src/data/api-types";
import { ChangeLost, NoRegionAnswers, RegionBehind } from "../../ui/src/data/errors";
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
    const settling = page.store.conflicts.settle(ticketId(1), conflict({ subject: "one" }), "current");
    assert.equal(badges(), "");
    await settling;
    assert.deepEqual([there().subject, there().resolvedConflict], [before.subject, NEWER]);
    assert.equal(badges(), "");
  });

  it("are settled for what the losing write said", async () => {
    await page.store.conflicts.settle(ticketId(1), conflict({ subject: "one", priority: "high" }), "losing");
    assert.deepEqual([there().subject, there().priority, there().resolvedConflict], ["one", "high", NEWER]);
    assert.equal(badges(), "");
  });

  it("are settled by deleting the ticket when the losing write was a delete", async () => {
    await page.store.conflicts.settle(ticketId(1), conflict(undefined), "losing");
    assert.equal(page.regions.ireland.live().length, 1);
    assert.equal(page.subjects, "2");
  });

  it("do not become unsettled again by settling an older one", async () => {
    await page.store.conflicts.settle(ticketId(1), conflict({}), "current");
    await page.store.conflicts.settle(ticketId(1), conflict({}, OLDER), "current");
    assert.equal(there().resolvedConflict, NEWER);
  });

  it("do not take back what somebody else has changed since the user compared", async () => {
    const seen = page.store.tickets.value.find(({ id }) => id === ticketId(1))!;
    const losing = conflict({ subject: "one" });
    page.regions.ireland.change(ticketId(1), { subject: "theirs" });
    await page.refresh();
    await assert.rejects(page.store.conflicts.settle(ticketId(1), losing, "losing", seen), ChangeLost);
    await assert.rejects(
      page.store.conflicts.settle(ticketId(1), conflict(undefined), "losing", seen),
      ChangeLost,
    );
    assert.deepEqual([there().subject, badges()], ["theirs", "theirs"]);
  });

  it("are read for one ticket, newest first", async () => {
    const history = [conflict({}), conflict({}, OLDER)];
    page.regions.ireland.histories.set(ticketId(1), history);
    assert.deepEqual((await page.store.conflicts.compare(ticketId(1))).conflicts, history);
    for (const api of [ireland, singapore]) page.regions.set(api, "cut");
    await assert.rejects(page.store.conflicts.compare(ticketId(1)), NoRegionAnswers);
  });

  describe("compared", () => {
    const id = ticketId(1);
    /** Ireland's write wins over Singapore's, which the listing shows still. */
    const inConflict = (): { won: Ticket; lost: Ticket } => {
      for (const region of page.regions.both) region.lateIndex = true;
      const lost = page.regions.singapore.change(id, { description: "lost", customer: "Jun" });
      const won = page.regions.ireland.change(id, { description: "won" });
      const history = conflictOf(lost, won.version);
      page.regions.ireland.histories.set(id, [history]);
      return { won, lost };
    };
    const conflictOf = (losing: Ticket, winningVersion: string): Conflict => ({
      ...conflict(losing, losing.version),
      ...{ winningVersion, losing },
    });

    it("are read with the version that won, however late the listing is", async () => {
      const { won } = inConflict();
      await page.refresh();
      assert.equal(page.store.find(id)?.description, "");
      const { ticket, conflicts } = await page.store.conflicts.compare(id);
      assert.deepEqual([ticket?.version, ticket?.description], [won.version, "won"]);
      assert.equal(conflicts.length, 1);
      assert.equal(page.store.find(id)?.description, "won");
    });

    it("are asked of the other region when one does not have the version that won yet", async () => {
      const { won, lost } = inConflict();
      page.regions.singapore.histories.set(id, [conflictOf(lost, won.version)]);
      page.regions.set(ireland, "cut");
      await page.client.send({ method: "GET", path: "/tickets?limit=1" });
      await assert.rejects(page.store.conflicts.compare(id), RegionBehind);
      page.regions.set(ireland, "up");
      assert.equal((await page.store.conflicts.compare(id)).ticket?.description, "won");
    });

    it("show the present ticket when it has moved on since", async () => {
      inConflict();
      page.regions.ireland.change(id, { description: "later" });
      assert.equal((await page.store.conflicts.compare(id)).ticket?.description, "later");
    });

    it("are without a ticket when it was deleted", async () => {
      inConflict();
      page.regions.ireland.remove(id);
      page.regions.replicate();
      const { ticket, conflicts } = await page.store.conflicts.compare(id);
      assert.deepEqual([ticket, conflicts.length], [undefined, 1]);
    });

    it("are settled field by field, over exactly the version that was compared", async () => {
      inConflict();
      const { ticket, conflicts } = await page.store.conflicts.compare(id);
      await page.store.conflicts.settle(id, conflicts[0], ["customer"], ticket);
      assert.deepEqual(
        [there().description, there().customer, there().resolvedConflict],
        ["won", "Jun", conflicts[0].losingVersion],
      );
      const sent = page.regions.sent.filter(({ method }) => method === "PATCH").at(-1)!;
      assert.equal(new Headers(sent.headers).get("if-match"), `"${ticket?.version}"`);
      assert.deepEqual(JSON.parse(String(sent.body)), {
        customer: "Jun",
        resolvedConflict: conflicts[0].losingVersion,
      });
    });

    it("give a ticket the status that follows from the assignee that was chosen", async () => {
      const { won, lost } = inConflict();
      const losing = { ...lost, assignee: "Jun", status: "assigned" } as const;
      page.regions.ireland.histories.set(id, [conflictOf(losing, won.version)]);
      const { ticket, conflicts } = await page.store.conflicts.compare(id);
      await page.store.conflicts.settle(id, conflicts[0], ["assignee"], ticket);
      assert.deepEqual([there().assignee, there().status], ["Jun", "assigned"]);
    });

    for (const keep of ["current", "losing", ["customer"]] as const)
      it(`refuse to keep ${keep} when any field was changed since they were compared`, async () => {
        inConflict();
        const { ticket, conflicts } = await page.store.conflicts.compare(id);
        page.regions.ireland.change(id, { priority: "high" });
        await assert.rejects(
          page.store.conflicts.settle(id, conflicts[0], keep, ticket),
          new ChangeLost({ priority: "high" }),
        );
        assert.deepEqual([there().customer, there().resolvedConflict], ["", undefined]);
        const again = await page.store.conflicts.compare(id);
        await page.store.conflicts.settle(id, again.conflicts[0], keep, again.ticket);
        assert.equal(there().priority, keep === "losing" ? "medium" : "high");
      });
  });
});
