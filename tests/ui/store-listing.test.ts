import assert from "node:assert/strict";
import { ireland, singapore } from "./fake-regions";
import { StoreFixture, ticketId } from "./store-fixture";

describe("The page's listing", () => {
  let page: StoreFixture;

  beforeEach(() => {
    page = new StoreFixture();
  });

  it("shows the newest page, and one more each time", async () => {
    await page.withTickets(60);
    const numbers = (): number[] => page.store.tickets.value.map(({ subject }) => Number(subject));
    assert.deepEqual([numbers().length, numbers()[0], numbers().at(-1)], [25, 60, 36]);
    await page.store.loadMore();
    assert.deepEqual([numbers().length, numbers().at(-1), page.store.hasMore.value], [50, 11, true]);
    await page.store.loadMore();
    assert.deepEqual([numbers().length, numbers().at(-1), page.store.hasMore.value], [60, 1, false]);
    await page.store.loadMore();
    assert.equal(numbers().length, 60);
  });

  it("reads all that is shown again, in as few requests as the API allows", async () => {
    await page.withTickets(130);
    for (let more = 0; more < 4; more++) await page.store.loadMore();
    assert.equal(page.store.tickets.value.length, 125);
    page.regions.takeAsked();
    page.regions.ireland.create({ subject: "new" }, "T900");
    await page.refresh();
    const lists = page.regions.takeAsked().filter((asked) => asked.endsWith("/tickets"));
    assert.equal(lists.length, 2);
    assert.equal(page.store.tickets.value[0].subject, "new");
    assert.equal(page.store.tickets.value.length, 125);
  });

  it("asks for conflicts less often than for tickets", async () => {
    await page.withTickets(1);
    for (let times = 0; times < 4; times++) {
      await page.clock.pass(2_000);
      await page.refresh();
    }
    const asked = page.regions.takeAsked();
    assert.equal(asked.filter((line) => line.endsWith("/conflicts")).length, 2);
    assert.equal(asked.filter((line) => line.endsWith("/tickets")).length, 4);
  });

  it("shows what others changed, created and deleted", async () => {
    await page.withTickets(3);
    page.regions.ireland.change(ticketId(2), { subject: "two" });
    page.regions.ireland.remove(ticketId(3));
    await page.clock.pass(1_000);
    page.regions.ireland.create({ subject: "4" }, ticketId(4));
    await page.refresh();
    assert.equal(page.subjects, "4 two 1");
  });

  it("filters by status and assignee, those that nobody has too", async () => {
    await page.withTickets(3);
    page.regions.ireland.change(ticketId(1), { status: "closed", assignee: "Ada" });
    page.regions.ireland.change(ticketId(2), { assignee: "Ada" });
    await page.store.show({ assignee: "Ada" });
    assert.equal(page.subjects, "2 1");
    await page.store.show({ assignee: "Ada", status: "closed" });
    assert.equal(page.subjects, "1");
    await page.store.show({ assignee: "" });
    assert.equal(page.subjects, "3");
    await page.store.show({});
    assert.equal(page.subjects, "3 2 1");
    assert.deepEqual(page.store.assignees.value, ["Ada"]);
  });

  it("shows known tickets under a new filter at once, and is pending until a region has answered", async () => {
    await page.withTickets(2);
    page.regions.ireland.change(ticketId(1), { status: "closed" });
    await page.refresh();
    page.regions.set(ireland, "late");
    page.regions.set(singapore, "silent");
    const showing = page.store.show({ status: "closed" });
    assert.deepEqual([page.subjects, page.store.pending.value], ["1", true]);
    await page.clock.until(showing);
    assert.deepEqual([page.subjects, page.store.pending.value], ["1", false]);
  });

  it("drops an answer that comes after one to a later question", async () => {
    await page.withTickets(2);
    page.regions.set(ireland, "late");
    page.regions.set(singapore, "late");
    const early = page.store.refresh();
    page.regions.ireland.remove(ticketId(2));
    page.regions.set(ireland, "up");
    await page.store.refresh();
    assert.equal(page.subjects, "1");
    await page.clock.until(early);
    assert.equal(page.subjects, "1");
  });

  it("keeps what it shows when a reading is refused, and says why until the next one succeeds", async () => {
    await page.withTickets(1);
    page.regions.set(ireland, 429);
    await page.refresh();
    assert.equal(page.store.problem.value, "The API answered 429.");
    assert.equal(page.subjects, "1");
    page.regions.set(ireland, "up");
    await page.refresh();
    assert.equal(page.store.problem.value, undefined);
  });

  it("keeps what it shows when no region answers, and can be asked for more afterwards", async () => {
    await page.withTickets(30);
    for (const api of [ireland, singapore]) page.regions.set(api, "cut");
    await page.clock.until(page.store.loadMore());
    assert.deepEqual([page.store.region.value.offline, page.store.problem.value], [true, undefined]);
    assert.equal(page.store.tickets.value.length, 25);
    assert.equal(page.store.hasMore.value, true);
    for (const api of [ireland, singapore]) page.regions.set(api, "up");
    await page.store.loadMore();
    assert.equal(page.store.tickets.value.length, 30);
  });

  describe("after a move to a region that is behind", () => {
    beforeEach(async () => {
      await page.withTickets(2);
      page.regions.ireland.change(ticketId(1), { subject: "one" });
      page.regions.ireland.create({ subject: "3" }, ticketId(3));
      await page.clock.pass(1_000);
      await page.refresh();
      page.regions.set(ireland, "cut");
    });

    it("keeps what the other region had said, for a minute", async () => {
      await page.refresh();
      assert.equal(page.store.region.value.current, singapore);
      assert.equal(page.subjects, "3 2 one");
      await page.clock.pass(58_000);
      await page.refresh();
      assert.equal(page.subjects, "3 2 one");
      await page.clock.pass(2_000);
      await page.refresh();
      assert.equal(page.subjects, "2 1");
    });

    it("lets go of a ticket that this region has listed and lists no more", async () => {
      page.regions.replicate();
      await page.refresh();
      page.regions.singapore.remove(ticketId(3));
      await page.refresh();
      assert.equal(page.subjects, "2 one");
    });

    it("shows what is newer there", async () => {
      page.regions.replicate();
      page.regions.singapore.change(ticketId(2), { subject: "two" });
      await page.refresh();
      assert.equal(page.subjects, "3 two one");
    });
  });
});
