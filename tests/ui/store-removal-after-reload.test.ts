import assert from "node:assert/strict";
import { ireland, singapore } from "./fake-regions";
import type { TicketStore } from "../../ui/src/data/ticket-store";
import { StoreFixture, subjectsOf, ticketId } from "./store-fixture";

describe("Deletes in the web UI after a reload", () => {
  let fixture: StoreFixture;
  const shownBy = async (store: TicketStore): Promise<string> => {
    await fixture.clock.runUntil(store.refresh());
    return subjectsOf(store.tickets.value);
  };
  beforeEach(async () => {
    fixture = new StoreFixture();
    await fixture.createTickets(3);
    for (const region of fixture.regions.both) {
      region.lateIndex = true;
      region.updateIndex();
    }
  });

  it("keep the ticket hidden until the listing has caught up", async () => {
    const removal = fixture.store.remove(ticketId(1));
    removal.commit();
    await fixture.clock.runUntil(removal.done);
    const reloaded = fixture.reload();
    assert.equal(await shownBy(reloaded), "3 2");
    assert.deepEqual(await reloaded.retryUnconfirmedRemovals(), []);
    // After a minute, the web UI shows the listing of the regions.
    await fixture.clock.advance(61_000);
    assert.equal(await shownBy(fixture.reload()), "3 2 1");
  });

  it("are sent again when the user left the web UI before they were confirmed", async () => {
    fixture.regions.setBehavior(ireland, "hangs", "write");
    fixture.regions.setBehavior(singapore, "hangs", "write");
    fixture.store.remove(ticketId(1));
    fixture.store.sendPendingRemovals();
    const reloaded = fixture.reload();
    assert.equal(await shownBy(reloaded), "3 2");
    fixture.regions.setBehavior(ireland, "up", "write");
    assert.deepEqual(await fixture.clock.runUntil(reloaded.retryUnconfirmedRemovals()), []);
    assert.equal(fixture.regions.ireland.tickets().length, 2);
    assert.equal(await shownBy(reloaded), "3 2");
  });

  it("are sent again when the user left the web UI before a change of the ticket ended", async () => {
    for (const applied of [false, true]) {
      fixture.regions.takeRequests();
      const [id, left] = applied ? [ticketId(2), "3"] : [ticketId(1), "3 2"];
      const behavior = applied ? "applies, hangs" : "hangs";
      fixture.regions.setBehavior(ireland, behavior, "write");
      fixture.regions.setBehavior(singapore, "hangs", "write");
      void fixture.store.change(id, { priority: "high" }).catch(() => undefined);
      fixture.store.remove(id);
      fixture.store.sendPendingRemovals();
      assert.deepEqual(fixture.takeRequests("DELETE"), [], "the delete waits for the change");
      const reloaded = fixture.reload();
      assert.equal(await shownBy(reloaded), left);
      fixture.regions.setBehavior(ireland, "up", "write");
      assert.deepEqual(await fixture.clock.runUntil(reloaded.retryUnconfirmedRemovals()), []);
      assert.equal(fixture.subjectsInIreland, left);
      assert.equal(await shownBy(reloaded), left);
    }
  });

  it("are sent again over a newer version in which the user has seen every value", async () => {
    for (const api of [ireland, singapore]) fixture.regions.setBehavior(api, "hangs", "write");
    fixture.store.remove(ticketId(1));
    fixture.store.sendPendingRemovals();
    fixture.regions.ireland.change(ticketId(1), { priority: "medium" });
    const reloaded = fixture.reload();
    fixture.regions.setBehavior(ireland, "up", "write");
    assert.deepEqual(await fixture.clock.runUntil(reloaded.retryUnconfirmedRemovals()), []);
    assert.equal(fixture.subjectsInIreland, "3 2");
  });

  it("show the ticket again, and report it, when they failed", async () => {
    for (const happens of ["changed", "unreachable"]) {
      fixture.store.remove(ticketId(happens === "changed" ? 1 : 2));
      for (const api of [ireland, singapore]) fixture.regions.setBehavior(api, "hangs", "write");
      fixture.store.sendPendingRemovals();
      const reloaded = fixture.reload();
      for (const api of [ireland, singapore]) fixture.regions.setBehavior(api, "disconnects", "write");
      if (happens === "changed") {
        fixture.regions.ireland.change(ticketId(1), { priority: "high" });
        fixture.regions.replicate();
        for (const api of [ireland, singapore]) fixture.regions.setBehavior(api, "up", "write");
      }
      const failed = await fixture.clock.runUntil(reloaded.retryUnconfirmedRemovals());
      assert.deepEqual(
        failed.map(({ subject }) => subject),
        [happens === "changed" ? "1" : "2"],
      );
      for (const region of fixture.regions.both) region.updateIndex();
      assert.equal(await shownBy(reloaded), "3 2 1");
      for (const api of [ireland, singapore]) fixture.regions.setBehavior(api, "up");
    }
  });
});
