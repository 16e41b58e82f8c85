import assert from "node:assert/strict";
import { ApiProblem, ChangeLost, NoRegionAnswers } from "../../ui/src/data/errors";
import { ShownTicket } from "../../ui/src/data/ticket-store";
import { ireland, singapore } from "./fake-regions";
import { StoreFixture, ticketId } from "./store-fixture";

describe("The page's writes", () => {
  let page: StoreFixture;
  const shown = (number: number): ShownTicket | undefined =>
    page.store.tickets.value.find(({ id }) => id === ticketId(number));
  const patches = (): string[] => page.regions.takeAsked().filter((asked) => asked.startsWith("PATCH"));
  const there = (number: number) => page.regions.ireland.live().find(({ id }) => id === ticketId(number));

  beforeEach(async () => {
    page = new StoreFixture();
    await page.withTickets(3);
  });

  describe("creating", () => {
    it("shows the ticket at once, on top, under a key that stays", async () => {
      const creating = page.store.create({ subject: "new" });
      const [coming] = page.store.tickets.value;
      assert.deepEqual([coming.subject, coming.saving, coming.creating], ["new", true, true]);
      const ticket = await creating;
      const [made] = page.store.tickets.value;
      assert.deepEqual(
        [made.id, made.key, made.saving, made.creating],
        [ticket.id, coming.key, false, false],
      );
      await page.refresh();
      assert.equal(page.subjects, "new 3 2 1");
      assert.equal(page.store.tickets.value[0].key, coming.key);
    });

    it("is sent to both regions with one key when the first is silent: one ticket", async () => {
      page.regions.set(ireland, "mute");
      const ticket = await page.clock.until(page.store.create({ subject: "new" }));
      assert.deepEqual(page.regions.takeAsked().slice(0, 2), [
        "POST ireland /tickets",
        "POST singapore /tickets",
      ]);
      page.regions.replicate();
      assert.deepEqual(
        page.regions.ireland
          .live()
          .filter(({ subject }) => subject === "new")
          .map(({ id }) => id),
        [ticket.id],
      );
    });

    it("shows the ticket once when a region lists it before its answer arrives", async () => {
      page.regions.set(ireland, "late");
      page.regions.set(singapore, "silent");
      const creating = page.store.create({ subject: "new" });
      page.regions.set(ireland, "up");
      await page.store.refresh();
      assert.equal(page.subjects, "new 3 2 1");
      await page.clock.until(creating);
      assert.equal(page.subjects, "new 3 2 1");
    });

    it("stays shown while the index is late", async () => {
      page.regions.ireland.lateIndex = true;
      await page.store.create({ subject: "new" });
      await page.refresh();
      assert.equal(page.subjects, "new 3 2 1");
    });

    it("is taken back when it is refused, with the fields that are wrong", async () => {
      await assert.rejects(page.store.create({ subject: "" }), (error) => {
        assert.ok(error instanceof ApiProblem);
        assert.deepEqual(error.problem.errors, [{ field: "subject", detail: "Must not be empty." }]);
        return true;
      });
      assert.equal(page.subjects, "3 2 1");
    });

    it("never makes a second ticket when the same draft is tried again, also after a reload", async () => {
      page.regions.set(ireland, "lost");
      page.regions.set(singapore, "cut");
      const draft = { subject: "new", description: "as it was" };
      await assert.rejects(page.store.create(draft), NoRegionAnswers);
      page.regions.set(ireland, 503);
      page.regions.set(singapore, 503);
      await assert.rejects(page.reloaded().create(draft), { uncertain: false });
      assert.equal(page.subjects, "3 2 1");
      page.regions.set(ireland, "up");
      await page.reloaded().create({ description: "as it was", subject: "new" });
      assert.equal(page.regions.ireland.live().length, 4);
    });

    it("is one creation when the same draft is sent twice at once, and two one after the other", async () => {
      const draft = { subject: "new" };
      const creating = [page.store.create(draft), page.store.create(draft)];
      assert.equal(page.subjects, "new 3 2 1");
      const [one, other] = await Promise.all(creating);
      assert.equal(one.id, other.id);
      await page.clock.pass(1);
      assert.notEqual((await page.store.create(draft)).id, one.id);
    });
  });

  describe("changing", () => {
    it("shows the change at once, and sends it over the version that is known", async () => {
      const changing = page.store.change(ticketId(2), { priority: "high" });
      assert.deepEqual([shown(2)?.priority, shown(2)?.saving], ["high", true]);
      await changing;
      assert.deepEqual([shown(2)?.priority, shown(2)?.saving], ["high", false]);
      assert.equal(there(2)?.priority, "high");
    });

    it("is asked for also when the page believes that it is there already", async () => {
      page.regions.set(ireland, "lost");
      page.regions.set(singapore, "cut");
      await assert.rejects(page.store.change(ticketId(2), { priority: "high" }), NoRegionAnswers);
      page.regions.set(ireland, "up");
      await page.store.change(ticketId(2), { priority: "medium" }).catch(() => page.refresh());
      assert.equal(shown(2)?.priority, there(2)?.priority);
    });

    it("is not undone by a reading that was asked for before it", async () => {
      page.regions.set(ireland, "late");
      page.regions.set(singapore, "silent");
      const reading = page.store.refresh();
      page.regions.set(ireland, "up");
      await page.store.change(ticketId(2), { priority: "high" });
      await page.clock.until(reading);
      assert.equal(shown(2)?.priority, "high");
    });

    it("stays over what a reading says while it is on its way", async () => {
      page.regions.set(ireland, "late");
      page.regions.set(singapore, "silent");
      const changing = page.store.change(ticketId(2), { status: "closed" });
      page.regions.set(ireland, "up");
      page.regions.ireland.change(ticketId(2), { assignee: "Ada" });
      await page.store.refresh();
      assert.deepEqual([shown(2)?.status, shown(2)?.assignee], ["closed", "Ada"]);
      await page.clock.until(changing);
    });

    it("takes the ticket out of a filter that does not show it any more", async () => {
      await page.store.show({ status: "open" });
      page.regions.ireland.lateIndex = true;
      await page.store.change(ticketId(2), { status: "closed" });
      await page.refresh();
      assert.equal(page.subjects, "3 1", "although the index is late");
      page.regions.ireland.index();
      await page.refresh();
      assert.equal(page.subjects, "3 1");
    });

    it("keeps both changes when somebody has changed other fields", async () => {
      page.regions.ireland.change(ticketId(2), { assignee: "Ada" });
      await page.store.change(ticketId(2), { priority: "high" });
      assert.deepEqual([there(2)?.assignee, there(2)?.priority], ["Ada", "high"]);
      assert.deepEqual([shown(2)?.assignee, shown(2)?.priority], ["Ada", "high"]);
    });

    it("is taken back, and says what somebody did, when the same field was changed", async () => {
      page.regions.ireland.change(ticketId(2), { priority: "high" });
      await assert.rejects(
        page.store.change(ticketId(2), { priority: "low", subject: "two" }),
        (error) =>
          error instanceof ChangeLost && /^Another user changed the priority to high/.test(error.message),
      );
      assert.deepEqual([shown(2)?.priority, shown(2)?.subject], ["high", "2"]);
      assert.deepEqual([there(2)?.priority, there(2)?.subject], ["high", "2"]);
    });

    it("is measured against what the user saw when the edit began", async () => {
      const seen = shown(2)!;
      page.regions.ireland.change(ticketId(2), { description: "theirs", assignee: "Ada" });
      await page.refresh();
      await assert.rejects(page.store.change(ticketId(2), { description: "mine" }, seen), ChangeLost);
      await page.store.change(ticketId(2), { subject: "mine" }, seen);
      assert.deepEqual(
        [there(2)?.subject, there(2)?.description, there(2)?.assignee],
        ["mine", "theirs", "Ada"],
      );
    });

    it("says so when somebody deleted the ticket", async () => {
      page.regions.ireland.remove(ticketId(2));
      await assert.rejects(
        page.store.change(ticketId(2), { priority: "low" }),
        (error) => error instanceof ChangeLost && error.theirs === undefined,
      );
      assert.equal(page.subjects, "3 1");
      await assert.rejects(page.store.change(ticketId(2), { priority: "low" }), ChangeLost);
    });

    it("follows an earlier one of the same ticket, over its result", async () => {
      page.regions.set(ireland, "late");
      page.regions.set(singapore, "silent");
      const first = page.store.change(ticketId(2), { priority: "high" });
      const second = page.store.change(ticketId(2), { priority: "low", assignee: "Ada" });
      assert.deepEqual([shown(2)?.priority, shown(2)?.assignee], ["low", "Ada"]);
      await page.clock.until(Promise.all([first, second]));
      assert.deepEqual(patches(), [
        ...["PATCH ireland /tickets/T002", "PATCH singapore /tickets/T002"],
        ...["PATCH ireland /tickets/T002", "PATCH singapore /tickets/T002"],
      ]);
      assert.deepEqual([there(2)?.priority, there(2)?.assignee], ["low", "Ada"]);
    });

    it("goes on when an earlier one of the same field fails", async () => {
      page.regions.set(ireland, 400);
      const first = page.store.change(ticketId(2), { priority: "high" });
      page.regions.set(ireland, "up");
      const second = page.store.change(ticketId(2), { priority: "low" });
      await assert.rejects(first, ApiProblem);
      await second;
      assert.equal(there(2)?.priority, "low");
    });

    it("is taken back when no region answers, and safe to repeat", async () => {
      page.regions.set(ireland, "lost");
      page.regions.set(singapore, "cut");
      await assert.rejects(page.clock.until(page.store.change(ticketId(2), { priority: "high" })), {
        uncertain: true,
      });
      assert.equal(shown(2)?.priority, "medium");
      page.regions.set(ireland, "up");
      await page.store.change(ticketId(2), { priority: "high" });
      assert.equal(shown(2)?.priority, "high");
    });
  });
});
