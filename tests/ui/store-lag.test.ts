import assert from "node:assert/strict";
import { RegionBehind } from "../../ui/src/data/errors";
import { ShownTicket } from "../../ui/src/data/ticket-store";
import { ireland, singapore } from "./fake-regions";
import { StoreFixture, ticketId } from "./store-fixture";

describe("The page's writes to a region that is behind", () => {
  let page: StoreFixture;
  const shown = (number: number): ShownTicket | undefined =>
    page.store.tickets.value.find(({ id }) => id === ticketId(number));
  const there = (number: number) => page.regions.ireland.live().find(({ id }) => id === ticketId(number));

  beforeEach(async () => {
    page = new StoreFixture();
    await page.withTickets(3);
    await page.store.change(ticketId(2), { assignee: "Ada" });
    page.regions.set(ireland, "cut");
  });

  it("wait for it to catch up", async () => {
    const changing = page.store.change(ticketId(2), { priority: "high" });
    await page.clock.pass(1_500);
    page.regions.replicate();
    await page.clock.until(changing);
    assert.deepEqual([shown(2)?.assignee, shown(2)?.priority], ["Ada", "high"]);
  });

  it("reach the other region at once, when that one has the version", async () => {
    page.regions.set(ireland, "up");
    page.regions.set(singapore, "cut");
    await page.store.change(ticketId(2), { customer: "Bob" });
    page.regions.set(singapore, "up");
    page.regions.set(ireland, "cut");
    await page.refresh();
    page.regions.set(ireland, "up");
    assert.equal(page.store.region.value.current, singapore);
    await page.store.change(ticketId(2), { priority: "high" });
    assert.equal(there(2)?.priority, "high");
  });

  for (const behaviour of ["cut", "silent"] as const)
    it(`say that it is behind when it does not, and not that anything was deleted: ${behaviour}`, async () => {
      page.regions.set(ireland, "up");
      const { id } = await page.store.create({ subject: "new" });
      page.regions.set(ireland, behaviour);
      for (const each of [id, ticketId(2)]) {
        const changing = page.store.change(each, { priority: "low" });
        await assert.rejects(page.clock.until(changing), RegionBehind);
        const removal = page.store.remove(each);
        removal.commit();
        await assert.rejects(page.clock.until(removal.done), RegionBehind);
      }
      await page.refresh();
      assert.equal(page.subjects, "new 3 2 1");
    });
});
