import assert from "node:assert/strict";
import { ConcurrentChange, NoRegionResponds } from "../../ui/src/data/errors";
import { flushPromises } from "./fake-clock";
import { ireland, singapore } from "./fake-regions";
import { StoreFixture, ticketId } from "./store-fixture";

describe("Deletes in the web UI", () => {
  let fixture: StoreFixture;

  beforeEach(async () => {
    fixture = new StoreFixture();
    await fixture.createTickets(3);
  });

  it("remove the ticket from the list immediately, and are sent six seconds later", async () => {
    const removal = fixture.store.remove(ticketId(2));
    assert.equal(fixture.subjects, "3 1");
    await fixture.clock.advance(5_999);
    assert.deepEqual(fixture.takeRequests("DELETE"), []);
    await fixture.clock.advance(1);
    assert.equal(await removal.done, "removed");
    assert.equal(fixture.subjectsInIreland, "3 1");
    assert.equal(removal.undo(), false, "too late to undo");
    assert.equal(fixture.subjects, "3 1");
  });

  it("send no request when they are undone", async () => {
    const removal = fixture.store.remove(ticketId(2));
    assert.equal(removal.undo(), true);
    assert.equal(await removal.done, "undone");
    assert.equal(fixture.subjects, "3 2 1");
    await fixture.clock.advance(10_000);
    assert.deepEqual(fixture.takeRequests("DELETE"), []);
  });

  it("wait while the undo timer is paused, and then for the full period again", async () => {
    const removal = fixture.store.remove(ticketId(2));
    await fixture.clock.advance(5_000);
    removal.pauseTimer();
    await fixture.clock.advance(60_000);
    removal.restartTimer();
    await fixture.clock.advance(5_999);
    assert.deepEqual(fixture.takeRequests("DELETE"), []);
    await fixture.clock.advance(1);
    assert.equal(fixture.takeRequests("DELETE").length, 1);
    removal.restartTimer();
    await fixture.clock.advance(10_000);
    assert.deepEqual(fixture.takeRequests("DELETE"), []);
  });

  it("are the same when requested twice, and are sent immediately on commit", async () => {
    const removal = fixture.store.remove(ticketId(2));
    assert.equal(fixture.store.remove(ticketId(2)), removal);
    removal.commit();
    removal.commit();
    assert.equal(await removal.done, "removed");
    assert.equal(fixture.takeRequests("DELETE").length, 1);
  });

  it("are not reverted by a refresh before, during or after the request, or from a region that is behind", async () => {
    const removal = fixture.store.remove(ticketId(2));
    await fixture.refresh();
    assert.equal(fixture.subjects, "3 1");
    fixture.regions.setBehavior(ireland, "slow");
    fixture.regions.setBehavior(singapore, "hangs");
    const reading = fixture.store.refresh();
    fixture.regions.setBehavior(ireland, "up");
    removal.commit();
    await removal.done;
    await fixture.clock.runUntil(reading);
    assert.equal(fixture.subjects, "3 1");
    fixture.regions.setBehavior(singapore, "up");
    fixture.regions.setBehavior(ireland, "disconnects");
    await fixture.refresh();
    assert.equal(fixture.store.region.value.current, singapore);
    assert.equal(fixture.subjects, "3 1");
    fixture.regions.replicate();
    await fixture.clock.advance(120_000);
    await fixture.refresh();
    assert.equal(fixture.subjects, "3 1");
  });

  it("show a ticket again that another user changed in the other region without knowledge of the delete", async () => {
    const { commit, done } = fixture.store.remove(ticketId(2));
    assert.equal(typeof commit, "function");
    await fixture.clock.advance(7_000);
    await done;
    fixture.regions.singapore.change(ticketId(2), { subject: "two" });
    fixture.regions.replicate();
    await fixture.refresh();
    assert.equal(fixture.subjects, "3 two 1");
  });

  it("show the ticket again when another user changed it, and report the change", async () => {
    const removal = fixture.store.remove(ticketId(2));
    fixture.regions.ireland.change(ticketId(2), { priority: "high" });
    await fixture.clock.advance(7_000);
    await assert.rejects(
      removal.done,
      (error) => error instanceof ConcurrentChange && /priority to high/.test(error.message),
    );
    assert.equal(fixture.subjects, "3 2 1");
    assert.equal(fixture.store.tickets.value[1].priority, "high");
  });

  it("succeed when no visible field was changed", async () => {
    const removal = fixture.store.remove(ticketId(2));
    const resolvedConflict = "001763904000000-000000-eu-west-1";
    fixture.regions.ireland.change(ticketId(2), { resolvedConflict });
    await fixture.clock.advance(7_000);
    assert.equal(await removal.done, "removed");
  });

  it("succeed when another user has deleted the ticket", async () => {
    const removal = fixture.store.remove(ticketId(2));
    fixture.regions.ireland.remove(ticketId(2));
    await fixture.clock.advance(7_000);
    assert.equal(await removal.done, "removed");
  });

  it("go to the other region when the first one does not respond", async () => {
    fixture.regions.setBehavior(ireland, "applies, hangs");
    const removal = fixture.store.remove(ticketId(2));
    await fixture.clock.advance(9_000);
    assert.equal(await removal.done, "removed");
    assert.deepEqual(
      fixture.regions.both.map((region) => region.tickets().length),
      [2, 2],
    );
  });

  it("show the ticket again when no region responds", async () => {
    for (const api of [ireland, singapore]) fixture.regions.setBehavior(api, "disconnects");
    const removal = fixture.store.remove(ticketId(2));
    await fixture.clock.advance(7_000);
    await assert.rejects(removal.done, NoRegionResponds);
    assert.equal(fixture.subjects, "3 2 1");
  });

  it("wait for a change of the ticket that is in flight", async () => {
    fixture.regions.setBehavior(ireland, "slow");
    fixture.regions.setBehavior(singapore, "hangs");
    const changing = fixture.store.change(ticketId(2), { priority: "high" });
    const removal = fixture.store.remove(ticketId(2));
    removal.commit();
    await fixture.clock.runUntil(changing);
    assert.equal(await fixture.clock.runUntil(removal.done), "removed");
    assert.equal(fixture.subjectsInIreland, "3 1");
  });

  it("are sent with keepalive when the user leaves the web UI", async () => {
    fixture.store.remove(ticketId(2));
    fixture.store.remove(ticketId(3)).undo();
    await flushPromises();
    fixture.store.sendPendingRemovals();
    assert.deepEqual(fixture.takeRequests("DELETE"), ["DELETE ireland /tickets/T002"]);
    assert.equal(fixture.regions.requestInits.at(-1)?.keepalive, true);
  });
});
