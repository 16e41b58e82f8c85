import assert from "node:assert/strict";
import { ConcurrentChange, NoRegionResponds } from "../../ui/src/data/errors";
import { ireland, singapore } from "./fake-regions";
import { StoreFixture, ticketId } from "./store-fixture";

describe("write of the web UI that a region applies before API Gateway returns a 503 of its own", () => {
  let fixture: StoreFixture;
  beforeEach(async () => {
    fixture = new StoreFixture();
    await fixture.createTickets(2);
  });
  const failIreland = (): void => fixture.regions.setBehavior(ireland, "applies, gateway 503", "write");
  const subject = "new";
  const expectUncertainConflict = (): Promise<void> =>
    assert.rejects(
      fixture.clock.runUntil(fixture.store.change(ticketId(1), { priority: "high" })),
      (error) => error instanceof ConcurrentChange && error.uncertain,
    );

  for (const [what, write] of Object.entries({
    POST: () => fixture.store.create({ subject }).then(() => undefined),
    PATCH: () => fixture.store.change(ticketId(1), { priority: "high" }).then(() => undefined),
    DELETE: async () => {
      const removal = fixture.store.remove(ticketId(1));
      removal.commit();
      await removal.done;
    },
  })) {
    it(`succeeds for a ${what} through the other region, and is applied once`, async () => {
      failIreland();
      await fixture.clock.runUntil(write());
      fixture.regions.replicate();
      const created = what === "POST" ? 1 : 0;
      for (const region of fixture.regions.both) {
        const tickets = region.tickets();
        assert.equal(tickets.length, what === "DELETE" ? 1 : 2 + created);
        assert.equal(tickets.filter(({ priority }) => priority === "high").length, what === "PATCH" ? 1 : 0);
      }
    });

    it(`reports a ${what} as possibly saved if the other region fails too, and a retry is applied once`, async () => {
      failIreland();
      fixture.regions.setBehavior(singapore, 503, "write");
      await assert.rejects(
        fixture.clock.runUntil(write()),
        (error) => error instanceof NoRegionResponds && error.uncertain,
      );
      fixture.regions.setBehavior(ireland, "up");
      await fixture.refresh();
      if (what !== "DELETE") await fixture.clock.runUntil(write());
      const tickets = fixture.regions.ireland.tickets();
      assert.equal(tickets.length, what === "DELETE" ? 1 : what === "POST" ? 3 : 2);
    });
  }

  it("is possibly saved if the other region has the change of another user", async () => {
    failIreland();
    const seen = fixture.regions.singapore.change(ticketId(1), { priority: "low" });
    assert.equal(seen.priority, "low");
    await expectUncertainConflict();
  });

  it("is possibly saved if another user has deleted the ticket in the other region", async () => {
    // The web UI knows that the ticket was in Singapore, so a 404 there means that it was deleted.
    fixture.regions.setBehavior(ireland, "disconnects", "read");
    await fixture.refresh();
    fixture.regions.setBehavior(ireland, "up");
    await fixture.client.checkPreferred();
    fixture.regions.singapore.remove(ticketId(1));
    failIreland();
    await expectUncertainConflict();
  });

  it("is possibly saved if the other region lacks the ticket, and another user is faster before the next attempt", async () => {
    failIreland();
    fixture.regions.singapore.remove(ticketId(1));
    fixture.clock.after(500, () => {
      fixture.regions.setBehavior(ireland, "up");
      fixture.regions.ireland.change(ticketId(1), { priority: "low" });
    });
    await expectUncertainConflict();
  });

  it("is possibly saved if a busy region hides whether it was applied, and another user is faster before it is repeated", async () => {
    let sent = 0;
    fixture.regions.setBehavior(ireland, "applies, disconnects", "write");
    fixture.regions.setBehavior(ireland, "busy", "read");
    fixture.clock.after(100, () => {
      sent = fixture.takeRequests("PATCH").length;
      fixture.regions.setBehavior(ireland, "up");
      fixture.regions.ireland.change(ticketId(1), { priority: "low" });
    });
    await expectUncertainConflict();
    assert.equal(sent, 1);
  });

  it("keeps the idempotency key if the other region rejects the write", async () => {
    failIreland();
    fixture.regions.setBehavior(singapore, 409, "write");
    await assert.rejects(fixture.clock.runUntil(fixture.store.create({ subject })), { uncertain: true });
    fixture.regions.setBehavior(singapore, "up");
    await fixture.clock.runUntil(fixture.store.create({ subject }));
    fixture.regions.replicate();
    for (const region of fixture.regions.both)
      assert.equal(region.tickets().filter((ticket) => ticket.subject === subject).length, 1);
  });
});
