import assert from "node:assert/strict";
import type { Conflict, Ticket } from "../../ui/src/data/api-types";
import { ApiProblem, ConcurrentChange, NoRegionResponds, RegionBehind } from "../../ui/src/data/errors";
import { ireland, singapore } from "./fake-regions";
import { StoreFixture, subjectsOf, ticketId } from "./store-fixture";

const OLDER = "001767225500000-000000-ap-southeast-1";
const NEWER = "001767225600000-000000-ap-southeast-1";

describe("Conflicts in the web UI", () => {
  let fixture: StoreFixture;
  const there = (): Ticket => fixture.regions.ireland.tickets().find(({ id }) => id === ticketId(1))!;
  const badges = (): string =>
    subjectsOf(fixture.store.tickets.value.filter(({ hasConflict }) => hasConflict));
  const conflict = (losing: Partial<Ticket> | undefined, losingVersion = NEWER): Conflict => ({
    ...{ losingVersion, losingOrigin: singapore.code, winningVersion: "", winningOrigin: ireland.code },
    at: "2026-01-01T00:00:00.000Z",
    losing: losing
      ? { ...there(), ...losing }
      : { id: ticketId(1), deleted: true, version: losingVersion, origin: singapore.code },
  });

  beforeEach(async () => {
    fixture = new StoreFixture();
    fixture.regions.ireland.conflicts = [NEWER, OLDER].map((losingVersion) => ({
      id: ticketId(1),
      losingVersion,
    }));
    await fixture.createTickets(2);
  });

  it("are marked with a badge until the newest one is resolved", async () => {
    assert.equal(badges(), "1");
    fixture.regions.ireland.change(ticketId(1), { resolvedConflict: OLDER });
    await fixture.refresh();
    assert.equal(badges(), "1");
    fixture.regions.ireland.change(ticketId(1), { resolvedConflict: NEWER });
    await fixture.refresh();
    assert.equal(badges(), "");
  });

  it("remain unchanged when they cannot be read", async () => {
    for (const behavior of [429, "disconnects"] as const) {
      fixture.regions.setBehavior(ireland, behavior);
      fixture.regions.setBehavior(singapore, behavior);
      await fixture.clock.advance(5_000);
      await fixture.refresh();
      assert.equal(badges(), "1");
    }
  });

  it("are resolved by keeping the current version: the badge disappears immediately, and no field changes", async () => {
    const before = there();
    const settling = fixture.store.conflicts.resolve(ticketId(1), conflict({ subject: "one" }), "current");
    assert.equal(badges(), "");
    await settling;
    assert.deepEqual([there().subject, there().resolvedConflict], [before.subject, NEWER]);
    assert.equal(badges(), "");
  });

  it("are resolved by restoring the losing version", async () => {
    await fixture.store.conflicts.resolve(
      ticketId(1),
      conflict({ subject: "one", priority: "high" }),
      "losing",
    );
    assert.deepEqual([there().subject, there().priority, there().resolvedConflict], ["one", "high", NEWER]);
    assert.equal(badges(), "");
  });

  it("are resolved by deleting the ticket when the losing write was a delete", async () => {
    await fixture.store.conflicts.resolve(ticketId(1), conflict(undefined), "losing");
    assert.equal(fixture.regions.ireland.tickets().length, 1);
    assert.equal(fixture.subjects, "2");
  });

  it("stay resolved when an older one is resolved", async () => {
    await fixture.store.conflicts.resolve(ticketId(1), conflict({}), "current");
    await fixture.store.conflicts.resolve(ticketId(1), conflict({}, OLDER), "current");
    assert.equal(there().resolvedConflict, NEWER);
  });

  it("do not overwrite a change that another user made during the comparison", async () => {
    const seen = fixture.store.tickets.value.find(({ id }) => id === ticketId(1))!;
    const losing = conflict({ subject: "one" });
    fixture.regions.ireland.change(ticketId(1), { subject: "theirs" });
    await fixture.refresh();
    await assert.rejects(
      fixture.store.conflicts.resolve(ticketId(1), losing, "losing", seen),
      ConcurrentChange,
    );
    await assert.rejects(
      fixture.store.conflicts.resolve(ticketId(1), conflict(undefined), "losing", seen),
      ConcurrentChange,
    );
    assert.deepEqual([there().subject, badges()], ["theirs", "theirs"]);
  });

  it("are resolved in the other region when one does not have the conflict", async () => {
    fixture.regions.ireland.lacksConflicts = true;
    fixture.regions.replicate();
    const losing = conflict({ subject: "one" });
    assert.equal(await fixture.store.conflicts.resolve(ticketId(1), losing, "losing"), true);
    const [ticket] = fixture.regions.singapore.tickets().filter(({ id }) => id === ticketId(1));
    assert.deepEqual([ticket.subject, ticket.resolvedConflict], ["one", NEWER]);
    assert.equal(badges(), "");
  });

  for (const [keep, subject] of [
    ["current", "1"],
    ["losing", "one"],
    [["subject"], "one"],
    [["priority"], "1"],
  ] as const)
    it(`are resolved by keeping ${keep} without the mark when no region has the conflict`, async () => {
      for (const region of fixture.regions.both) region.lacksConflicts = true;
      fixture.regions.replicate();
      const losing = conflict({ subject: "one" });
      assert.equal(await fixture.store.conflicts.resolve(ticketId(1), losing, keep), false);
      assert.deepEqual([there().subject, there().resolvedConflict], [subject, undefined]);
    });

  it("are not resolved without the mark when another region may have saved it", async () => {
    fixture.regions.ireland.lacksConflicts = true;
    fixture.regions.replicate();
    fixture.regions.setBehavior(singapore, "applies, disconnects");
    await assert.rejects(
      fixture.store.conflicts.resolve(ticketId(1), conflict({ subject: "one" }), "losing"),
      (error) => error instanceof ApiProblem && error.uncertain,
    );
    assert.deepEqual([there().subject, there().resolvedConflict], ["1", undefined]);
  });

  it("are read for one ticket, newest first", async () => {
    const history = [conflict({}), conflict({}, OLDER)];
    fixture.regions.ireland.histories.set(ticketId(1), history);
    assert.deepEqual((await fixture.store.conflicts.compare(ticketId(1))).conflicts, history);
    for (const api of [ireland, singapore]) fixture.regions.setBehavior(api, "disconnects");
    await assert.rejects(fixture.store.conflicts.compare(ticketId(1)), NoRegionResponds);
  });

  describe("in a comparison", () => {
    const id = ticketId(1);
    /** Makes Ireland's write win over Singapore's. The listing still has the losing version. */
    const inConflict = (): { won: Ticket; lost: Ticket } => {
      for (const region of fixture.regions.both) region.lateIndex = true;
      const lost = fixture.regions.singapore.change(id, { description: "lost", customer: "Jun" });
      const won = fixture.regions.ireland.change(id, { description: "won" });
      const history = conflictOf(lost, won.version);
      fixture.regions.ireland.histories.set(id, [history]);
      return { won, lost };
    };
    const conflictOf = (losing: Ticket, winningVersion: string): Conflict => ({
      ...conflict(losing, losing.version),
      ...{ winningVersion, losing },
    });

    it("are read with the winning version even if the listing is stale", async () => {
      const { won } = inConflict();
      await fixture.refresh();
      assert.equal(fixture.store.find(id)?.description, "");
      const { ticket, conflicts } = await fixture.store.conflicts.compare(id);
      assert.deepEqual([ticket?.version, ticket?.description], [won.version, "won"]);
      assert.equal(conflicts.length, 1);
      assert.equal(fixture.store.find(id)?.description, "won");
    });

    it("are read from the other region when one does not have the winning version yet", async () => {
      const { won, lost } = inConflict();
      fixture.regions.singapore.histories.set(id, [conflictOf(lost, won.version)]);
      fixture.regions.setBehavior(ireland, "disconnects");
      await fixture.client.send({ method: "GET", path: "/tickets?limit=1" });
      await assert.rejects(fixture.store.conflicts.compare(id), RegionBehind);
      fixture.regions.setBehavior(ireland, "up");
      assert.equal((await fixture.store.conflicts.compare(id)).ticket?.description, "won");
    });

    it("show the current ticket when it was changed after the conflict", async () => {
      inConflict();
      fixture.regions.ireland.change(id, { description: "later" });
      assert.equal((await fixture.store.conflicts.compare(id)).ticket?.description, "later");
    });

    it("have no ticket when it was deleted", async () => {
      inConflict();
      fixture.regions.ireland.remove(id);
      fixture.regions.replicate();
      const { ticket, conflicts } = await fixture.store.conflicts.compare(id);
      assert.deepEqual([ticket, conflicts.length], [undefined, 1]);
    });

    it("are resolved field by field, over exactly the version that was compared", async () => {
      inConflict();
      const { ticket, conflicts } = await fixture.store.conflicts.compare(id);
      await fixture.store.conflicts.resolve(id, conflicts[0], ["customer"], ticket);
      assert.deepEqual(
        [there().description, there().customer, there().resolvedConflict],
        ["won", "Jun", conflicts[0].losingVersion],
      );
      const sent = fixture.regions.requestInits.filter(({ method }) => method === "PATCH").at(-1)!;
      assert.equal(new Headers(sent.headers).get("if-match"), `"${ticket?.version}"`);
      assert.deepEqual(JSON.parse(String(sent.body)), {
        customer: "Jun",
        resolvedConflict: conflicts[0].losingVersion,
      });
    });

    it("set the status that follows from the chosen assignee", async () => {
      const { won, lost } = inConflict();
      const losing = { ...lost, assignee: "Jun", status: "assigned" } as const;
      fixture.regions.ireland.histories.set(id, [conflictOf(losing, won.version)]);
      const { ticket, conflicts } = await fixture.store.conflicts.compare(id);
      await fixture.store.conflicts.resolve(id, conflicts[0], ["assignee"], ticket);
      assert.deepEqual([there().assignee, there().status], ["Jun", "assigned"]);
    });

    for (const keep of ["current", "losing", ["customer"]] as const)
      it(`reject keeping ${keep} when any field was changed during the comparison`, async () => {
        inConflict();
        const { ticket, conflicts } = await fixture.store.conflicts.compare(id);
        fixture.regions.ireland.change(id, { priority: "high" });
        await assert.rejects(
          fixture.store.conflicts.resolve(id, conflicts[0], keep, ticket),
          new ConcurrentChange({ priority: "high" }),
        );
        assert.deepEqual([there().customer, there().resolvedConflict], ["", undefined]);
        const again = await fixture.store.conflicts.compare(id);
        await fixture.store.conflicts.resolve(id, again.conflicts[0], keep, again.ticket);
        assert.equal(there().priority, keep === "losing" ? "medium" : "high");
      });
  });
});
