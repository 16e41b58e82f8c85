import assert from "node:assert/strict";
import { ChangeLost, NoRegionAnswers } from "../../ui/src/data/errors";
import { settled } from "./fake-clock";
import { ireland, singapore } from "./fake-regions";
import type { TicketStore } from "../../ui/src/data/ticket-store";
import { StoreFixture, ticketId } from "./store-fixture";

describe("The page's deletes", () => {
  let page: StoreFixture;
  const deletes = (): string[] => page.regions.takeAsked().filter((asked) => asked.startsWith("DELETE"));
  const there = (): string =>
    page.regions.ireland
      .live()
      .map(({ subject }) => subject)
      .join(" ");

  beforeEach(async () => {
    page = new StoreFixture();
    await page.withTickets(3);
  });

  it("take the ticket off the list at once, and are sent six seconds later", async () => {
    const removal = page.store.remove(ticketId(2));
    assert.equal(page.subjects, "3 1");
    await page.clock.pass(5_999);
    assert.deepEqual(deletes(), []);
    await page.clock.pass(1);
    assert.equal(await removal.done, "removed");
    assert.equal(there(), "3 1");
    assert.equal(removal.undo(), false, "too late to take back");
    assert.equal(page.subjects, "3 1");
  });

  it("cost nothing when they are taken back", async () => {
    const removal = page.store.remove(ticketId(2));
    assert.equal(removal.undo(), true);
    assert.equal(await removal.done, "undone");
    assert.equal(page.subjects, "3 2 1");
    await page.clock.pass(10_000);
    assert.deepEqual(deletes(), []);
  });

  it("wait while the undo button is held, and then as long again", async () => {
    const removal = page.store.remove(ticketId(2));
    await page.clock.pass(5_000);
    removal.hold();
    await page.clock.pass(60_000);
    removal.release();
    await page.clock.pass(5_999);
    assert.deepEqual(deletes(), []);
    await page.clock.pass(1);
    assert.equal(deletes().length, 1);
    removal.release();
    await page.clock.pass(10_000);
    assert.deepEqual(deletes(), []);
  });

  it("are the same one when asked for twice, and are sent at once on demand", async () => {
    const removal = page.store.remove(ticketId(2));
    assert.equal(page.store.remove(ticketId(2)), removal);
    removal.commit();
    removal.commit();
    assert.equal(await removal.done, "removed");
    assert.equal(deletes().length, 1);
  });

  it("are not undone by a reading, before, while or after they are sent, or from a region that is behind", async () => {
    const removal = page.store.remove(ticketId(2));
    await page.refresh();
    assert.equal(page.subjects, "3 1");
    page.regions.set(ireland, "late");
    page.regions.set(singapore, "silent");
    const reading = page.store.refresh();
    page.regions.set(ireland, "up");
    removal.commit();
    await removal.done;
    await page.clock.until(reading);
    assert.equal(page.subjects, "3 1");
    page.regions.set(singapore, "up");
    page.regions.set(ireland, "cut");
    await page.refresh();
    assert.equal(page.store.region.value.current, singapore);
    assert.equal(page.subjects, "3 1");
    page.regions.replicate();
    await page.clock.pass(120_000);
    await page.refresh();
    assert.equal(page.subjects, "3 1");
  });

  it("show a ticket again that somebody has changed in the other region without knowing of them", async () => {
    const { commit, done } = page.store.remove(ticketId(2));
    assert.equal(typeof commit, "function");
    await page.clock.pass(7_000);
    await done;
    page.regions.singapore.change(ticketId(2), { subject: "two" });
    page.regions.replicate();
    await page.refresh();
    assert.equal(page.subjects, "3 two 1");
  });

  it("show the ticket again when somebody has changed it meanwhile, and say what", async () => {
    const removal = page.store.remove(ticketId(2));
    page.regions.ireland.change(ticketId(2), { priority: "high" });
    await page.clock.pass(7_000);
    await assert.rejects(
      removal.done,
      (error) => error instanceof ChangeLost && /priority to high/.test(error.message),
    );
    assert.equal(page.subjects, "3 2 1");
    assert.equal(page.store.tickets.value[1].priority, "high");
  });

  it("go through when nothing that people see was changed", async () => {
    const removal = page.store.remove(ticketId(2));
    const resolvedConflict = "001763904000000-000000-eu-west-1";
    page.regions.ireland.change(ticketId(2), { resolvedConflict });
    await page.clock.pass(7_000);
    assert.equal(await removal.done, "removed");
  });

  it("are done when somebody else has deleted the ticket", async () => {
    const removal = page.store.remove(ticketId(2));
    page.regions.ireland.remove(ticketId(2));
    await page.clock.pass(7_000);
    assert.equal(await removal.done, "removed");
  });

  it("go to the other region when the first is silent", async () => {
    page.regions.set(ireland, "mute");
    const removal = page.store.remove(ticketId(2));
    await page.clock.pass(7_000);
    assert.equal(await removal.done, "removed");
    assert.deepEqual(
      page.regions.both.map((region) => region.live().length),
      [2, 2],
    );
  });

  it("show the ticket again when no region answers", async () => {
    for (const api of [ireland, singapore]) page.regions.set(api, "cut");
    const removal = page.store.remove(ticketId(2));
    await page.clock.pass(7_000);
    await assert.rejects(removal.done, NoRegionAnswers);
    assert.equal(page.subjects, "3 2 1");
  });

  it("wait for a change of the ticket that is on its way", async () => {
    page.regions.set(ireland, "late");
    page.regions.set(singapore, "silent");
    const changing = page.store.change(ticketId(2), { priority: "high" });
    const removal = page.store.remove(ticketId(2));
    removal.commit();
    await page.clock.until(changing);
    assert.equal(await page.clock.until(removal.done), "removed");
    assert.equal(there(), "3 1");
  });

  it("are sent when the page is left, in a way that outlives it", async () => {
    page.store.remove(ticketId(2));
    page.store.remove(ticketId(3)).undo();
    await settled();
    page.store.leave();
    assert.deepEqual(deletes(), ["DELETE ireland /tickets/T002"]);
    assert.equal(page.regions.sent.at(-1)?.keepalive, true);
  });

  describe("after a reload", () => {
    const shownBy = async (store: TicketStore): Promise<string> => {
      await page.clock.until(store.refresh());
      return store.tickets.value.map(({ subject }) => subject).join(" ");
    };
    beforeEach(() => {
      for (const region of page.regions.both) {
        region.lateIndex = true;
        region.index();
      }
    });

    it("keep the ticket hidden until the listing has had time to follow", async () => {
      const removal = page.store.remove(ticketId(1));
      removal.commit();
      await page.clock.until(removal.done);
      const reloaded = page.reloaded();
      assert.equal(await shownBy(reloaded), "3 2");
      assert.deepEqual(await reloaded.finishRemovals(), []);
      // After a minute the regions are believed.
      await page.clock.pass(61_000);
      assert.equal(await shownBy(page.reloaded()), "3 2 1");
    });

    it("are finished when the page was left before they were confirmed", async () => {
      page.regions.set(ireland, "silent", "write");
      page.regions.set(singapore, "silent", "write");
      page.store.remove(ticketId(1));
      page.store.leave();
      const reloaded = page.reloaded();
      assert.equal(await shownBy(reloaded), "3 2");
      page.regions.set(ireland, "up", "write");
      assert.deepEqual(await page.clock.until(reloaded.finishRemovals()), []);
      assert.equal(page.regions.ireland.live().length, 2);
      assert.equal(await shownBy(reloaded), "3 2");
    });

    it("show the ticket again, and say so, when they did not happen", async () => {
      for (const happens of ["changed", "unreachable"]) {
        page.store.remove(ticketId(happens === "changed" ? 1 : 2));
        for (const api of [ireland, singapore]) page.regions.set(api, "silent", "write");
        page.store.leave();
        const reloaded = page.reloaded();
        for (const api of [ireland, singapore]) page.regions.set(api, "cut", "write");
        if (happens === "changed") {
          page.regions.ireland.change(ticketId(1), { priority: "high" });
          page.regions.replicate();
          for (const api of [ireland, singapore]) page.regions.set(api, "up", "write");
        }
        const failed = await page.clock.until(reloaded.finishRemovals());
        assert.deepEqual(
          failed.map(({ subject }) => subject),
          [happens === "changed" ? "1" : "2"],
        );
        for (const region of page.regions.both) region.index();
        assert.equal(await shownBy(reloaded), "3 2 1");
        for (const api of [ireland, singapore]) page.regions.set(api, "up");
      }
    });
  });
});
