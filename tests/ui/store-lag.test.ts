import assert from "node:assert/strict";
import { RegionBehind } from "../../ui/src/data/errors";
import { ShownTicket } from "../../ui/src/data/ticket-store";
import { ireland, singapore } from "./fake-regions";
import { StoreFixture, ticketId } from "./store-fixture";

describe("Writes of the web UI to a region that is behind", () => {
  let fixture: StoreFixture;
  const shown = (number: number): ShownTicket | undefined =>
    fixture.store.tickets.value.find(({ id }) => id === ticketId(number));
  const there = (number: number) =>
    fixture.regions.ireland.tickets().find(({ id }) => id === ticketId(number));

  beforeEach(async () => {
    fixture = new StoreFixture();
    await fixture.createTickets(3);
    await fixture.store.change(ticketId(2), { assignee: "Ada" });
    fixture.regions.setBehavior(ireland, "disconnects");
  });

  it("wait until it has caught up", async () => {
    const changing = fixture.store.change(ticketId(2), { priority: "high" });
    await fixture.clock.advance(1_500);
    fixture.regions.replicate();
    await fixture.clock.runUntil(changing);
    assert.deepEqual([shown(2)?.assignee, shown(2)?.priority], ["Ada", "high"]);
  });

  it("go to the other region immediately when that one has the version", async () => {
    fixture.regions.setBehavior(ireland, "up");
    fixture.regions.setBehavior(singapore, "disconnects");
    await fixture.store.change(ticketId(2), { customer: "Bob" });
    fixture.regions.setBehavior(singapore, "up");
    fixture.regions.setBehavior(ireland, "disconnects");
    await fixture.refresh();
    fixture.regions.setBehavior(ireland, "up");
    assert.equal(fixture.store.region.value.current, singapore);
    await fixture.store.change(ticketId(2), { priority: "high" });
    assert.equal(there(2)?.priority, "high");
  });

  for (const behavior of ["disconnects", "hangs"] as const)
    it(`fail with RegionBehind when it does not catch up, and report no delete: the other region ${behavior}`, async () => {
      fixture.regions.setBehavior(ireland, "up");
      const { id } = await fixture.store.create({ subject: "new" });
      fixture.regions.setBehavior(ireland, behavior);
      for (const each of [id, ticketId(2)]) {
        const changing = fixture.store.change(each, { priority: "low" });
        await assert.rejects(fixture.clock.runUntil(changing), RegionBehind);
        const removal = fixture.store.remove(each);
        removal.commit();
        await assert.rejects(fixture.clock.runUntil(removal.done), RegionBehind);
      }
      await fixture.refresh();
      assert.equal(fixture.subjects, "new 3 2 1");
    });
});
