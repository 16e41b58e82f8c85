import assert from "node:assert/strict";
import { ireland, singapore } from "./fake-regions";
import { StoreFixture, ticketId } from "./store-fixture";

describe("Listing of the web UI", () => {
  let fixture: StoreFixture;

  beforeEach(() => {
    fixture = new StoreFixture();
  });

  it("shows the newest page, and one more page on each request", async () => {
    await fixture.createTickets(60);
    const numbers = (): number[] => fixture.store.tickets.value.map(({ subject }) => Number(subject));
    assert.deepEqual([numbers().length, numbers()[0], numbers().at(-1)], [25, 60, 36]);
    await fixture.store.loadMore();
    assert.deepEqual([numbers().length, numbers().at(-1), fixture.store.hasMore.value], [50, 11, true]);
    await fixture.store.loadMore();
    assert.deepEqual([numbers().length, numbers().at(-1), fixture.store.hasMore.value], [60, 1, false]);
    await fixture.store.loadMore();
    assert.equal(numbers().length, 60);
  });

  it("refreshes all shown tickets with as few requests as the API allows", async () => {
    await fixture.createTickets(130);
    for (let more = 0; more < 4; more++) await fixture.store.loadMore();
    assert.equal(fixture.store.tickets.value.length, 125);
    fixture.regions.takeRequests();
    fixture.regions.ireland.create({ subject: "new" }, "T900");
    await fixture.refresh();
    const lists = fixture.regions.takeRequests().filter((asked) => asked.endsWith("/tickets"));
    assert.equal(lists.length, 2);
    assert.equal(fixture.store.tickets.value[0].subject, "new");
    assert.equal(fixture.store.tickets.value.length, 125);
  });

  it("reads conflicts less often than tickets", async () => {
    await fixture.createTickets(1);
    for (let times = 0; times < 4; times++) {
      await fixture.clock.advance(2_000);
      await fixture.refresh();
    }
    const asked = fixture.regions.takeRequests();
    assert.equal(asked.filter((line) => line.endsWith("/conflicts")).length, 2);
    assert.equal(asked.filter((line) => line.endsWith("/tickets")).length, 4);
  });

  it("shows changes, creations and deletes of other clients", async () => {
    await fixture.createTickets(3);
    fixture.regions.ireland.change(ticketId(2), { subject: "two" });
    fixture.regions.ireland.remove(ticketId(3));
    await fixture.clock.advance(1_000);
    fixture.regions.ireland.create({ subject: "4" }, ticketId(4));
    await fixture.refresh();
    assert.equal(fixture.subjects, "4 two 1");
  });

  it("filters by status and assignee, including unassigned tickets", async () => {
    await fixture.createTickets(3);
    fixture.regions.ireland.change(ticketId(1), { status: "closed", assignee: "Ada" });
    fixture.regions.ireland.change(ticketId(2), { assignee: "Ada" });
    await fixture.store.setFilter({ assignee: "Ada" });
    assert.equal(fixture.subjects, "2 1");
    await fixture.store.setFilter({ assignee: "Ada", status: "closed" });
    assert.equal(fixture.subjects, "1");
    await fixture.store.setFilter({ assignee: "" });
    assert.equal(fixture.subjects, "3");
    await fixture.store.setFilter({});
    assert.equal(fixture.subjects, "3 2 1");
    assert.deepEqual(fixture.store.assignees.value, ["Ada"]);
  });

  it("shows cached tickets immediately after a filter change, and is pending until a region responds", async () => {
    await fixture.createTickets(2);
    fixture.regions.ireland.change(ticketId(1), { status: "closed" });
    await fixture.refresh();
    fixture.regions.setBehavior(ireland, "slow");
    fixture.regions.setBehavior(singapore, "hangs");
    const showing = fixture.store.setFilter({ status: "closed" });
    assert.deepEqual([fixture.subjects, fixture.store.pending.value], ["1", true]);
    await fixture.clock.runUntil(showing);
    assert.deepEqual([fixture.subjects, fixture.store.pending.value], ["1", false]);
  });

  it("ignores a response that arrives after the response of a later request", async () => {
    await fixture.createTickets(2);
    fixture.regions.setBehavior(ireland, "slow");
    fixture.regions.setBehavior(singapore, "slow");
    const early = fixture.store.refresh();
    fixture.regions.ireland.remove(ticketId(2));
    fixture.regions.setBehavior(ireland, "up");
    await fixture.store.refresh();
    assert.equal(fixture.subjects, "1");
    await fixture.clock.runUntil(early);
    assert.equal(fixture.subjects, "1");
  });

  it("keeps the shown tickets when a read is rejected, and shows the reason until the next success", async () => {
    await fixture.createTickets(1);
    fixture.regions.setBehavior(ireland, 400);
    await fixture.refresh();
    assert.equal(fixture.store.problem.value, "The API returned 400.");
    assert.equal(fixture.subjects, "1");
    fixture.regions.setBehavior(ireland, "up");
    await fixture.refresh();
    assert.equal(fixture.store.problem.value, undefined);
  });

  it("keeps the shown tickets when no region responds, and can load more afterwards", async () => {
    await fixture.createTickets(30);
    for (const api of [ireland, singapore]) fixture.regions.setBehavior(api, "disconnects");
    await fixture.clock.runUntil(fixture.store.loadMore());
    assert.deepEqual([fixture.store.region.value.offline, fixture.store.problem.value], [true, undefined]);
    assert.equal(fixture.store.tickets.value.length, 25);
    assert.equal(fixture.store.hasMore.value, true);
    for (const api of [ireland, singapore]) fixture.regions.setBehavior(api, "up");
    await fixture.store.loadMore();
    assert.equal(fixture.store.tickets.value.length, 30);
  });

  describe("after a failover to a region that is behind", () => {
    beforeEach(async () => {
      await fixture.createTickets(2);
      fixture.regions.ireland.change(ticketId(1), { subject: "one" });
      fixture.regions.ireland.create({ subject: "3" }, ticketId(3));
      await fixture.clock.advance(1_000);
      await fixture.refresh();
      fixture.regions.setBehavior(ireland, "disconnects");
    });

    it("keeps the tickets of the other region for a minute", async () => {
      await fixture.refresh();
      assert.equal(fixture.store.region.value.current, singapore);
      assert.equal(fixture.subjects, "3 2 one");
      await fixture.clock.advance(58_000);
      await fixture.refresh();
      assert.equal(fixture.subjects, "3 2 one");
      await fixture.clock.advance(2_000);
      await fixture.refresh();
      assert.equal(fixture.subjects, "2 1");
    });

    it("removes a ticket that this region has listed before and no longer lists", async () => {
      fixture.regions.replicate();
      await fixture.refresh();
      fixture.regions.singapore.remove(ticketId(3));
      await fixture.refresh();
      assert.equal(fixture.subjects, "2 one");
    });

    it("shows the newer versions of that region", async () => {
      fixture.regions.replicate();
      fixture.regions.singapore.change(ticketId(2), { subject: "two" });
      await fixture.refresh();
      assert.equal(fixture.subjects, "3 two one");
    });
  });
});
