import assert from "node:assert/strict";
import { ApiProblem, ConcurrentChange, NoRegionResponds } from "../../ui/src/data/errors";
import { ShownTicket } from "../../ui/src/data/ticket-store";
import { ireland, singapore } from "./fake-regions";
import { StoreFixture, ticketId } from "./store-fixture";

describe("The page's writes", () => {
  let fixture: StoreFixture;
  const shown = (number: number): ShownTicket | undefined =>
    fixture.store.tickets.value.find(({ id }) => id === ticketId(number));
  const patches = (): string[] => fixture.regions.takeRequests().filter((asked) => asked.startsWith("PATCH"));
  const there = (number: number) =>
    fixture.regions.ireland.tickets().find(({ id }) => id === ticketId(number));

  beforeEach(async () => {
    fixture = new StoreFixture();
    await fixture.createTickets(3);
  });

  describe("creating", () => {
    it("shows the ticket at once, on top, under a key that stays", async () => {
      const creating = fixture.store.create({ subject: "new" });
      const [coming] = fixture.store.tickets.value;
      assert.deepEqual([coming.subject, coming.saving, coming.creating], ["new", true, true]);
      const ticket = await creating;
      const [made] = fixture.store.tickets.value;
      assert.deepEqual(
        [made.id, made.key, made.saving, made.creating],
        [ticket.id, coming.key, false, false],
      );
      await fixture.refresh();
      assert.equal(fixture.subjects, "new 3 2 1");
      assert.equal(fixture.store.tickets.value[0].key, coming.key);
    });

    it("is sent to both regions with one key when the first is silent: one ticket", async () => {
      fixture.regions.setBehaviour(ireland, "mute");
      const ticket = await fixture.clock.runUntil(fixture.store.create({ subject: "new" }));
      assert.deepEqual(fixture.regions.takeRequests().slice(0, 2), [
        "POST ireland /tickets",
        "POST singapore /tickets",
      ]);
      fixture.regions.replicate();
      assert.deepEqual(
        fixture.regions.ireland
          .tickets()
          .filter(({ subject }) => subject === "new")
          .map(({ id }) => id),
        [ticket.id],
      );
    });

    it("shows the ticket once when a region lists it before its answer arrives", async () => {
      fixture.regions.setBehaviour(ireland, "late");
      fixture.regions.setBehaviour(singapore, "silent");
      const creating = fixture.store.create({ subject: "new" });
      fixture.regions.setBehaviour(ireland, "up");
      await fixture.store.refresh();
      assert.equal(fixture.subjects, "new 3 2 1");
      await fixture.clock.runUntil(creating);
      assert.equal(fixture.subjects, "new 3 2 1");
    });

    it("stays shown while the index is late", async () => {
      fixture.regions.ireland.lateIndex = true;
      await fixture.store.create({ subject: "new" });
      await fixture.refresh();
      assert.equal(fixture.subjects, "new 3 2 1");
    });

    it("is taken back when it is refused, with the fields that are wrong", async () => {
      await assert.rejects(fixture.store.create({ subject: "" }), (error) => {
        assert.ok(error instanceof ApiProblem);
        assert.deepEqual(error.problem.errors, [{ field: "subject", detail: "Must not be empty." }]);
        return true;
      });
      assert.equal(fixture.subjects, "3 2 1");
    });

    it("never makes a second ticket when the same draft is tried again, also after a reload", async () => {
      fixture.regions.setBehaviour(ireland, "lost");
      fixture.regions.setBehaviour(singapore, "cut");
      const draft = { subject: "new", description: "as it was" };
      await assert.rejects(fixture.store.create(draft), NoRegionResponds);
      fixture.regions.setBehaviour(ireland, 503);
      fixture.regions.setBehaviour(singapore, 503);
      await assert.rejects(fixture.reload().create(draft), { uncertain: false });
      assert.equal(fixture.subjects, "3 2 1");
      fixture.regions.setBehaviour(ireland, "up");
      await fixture.reload().create({ description: "as it was", subject: "new" });
      assert.equal(fixture.regions.ireland.tickets().length, 4);
    });

    it("is one creation when the same draft is sent twice at once, and two one after the other", async () => {
      const draft = { subject: "new" };
      const creating = [fixture.store.create(draft), fixture.store.create(draft)];
      assert.equal(fixture.subjects, "new 3 2 1");
      const [one, other] = await Promise.all(creating);
      assert.equal(one.id, other.id);
      await fixture.clock.advance(1);
      assert.notEqual((await fixture.store.create(draft)).id, one.id);
    });
  });

  describe("changing", () => {
    it("shows the change at once, and sends it over the version that is known", async () => {
      const changing = fixture.store.change(ticketId(2), { priority: "high" });
      assert.deepEqual([shown(2)?.priority, shown(2)?.saving], ["high", true]);
      await changing;
      assert.deepEqual([shown(2)?.priority, shown(2)?.saving], ["high", false]);
      assert.equal(there(2)?.priority, "high");
    });

    it("is asked for also when the page believes that it is there already", async () => {
      fixture.regions.setBehaviour(ireland, "lost");
      fixture.regions.setBehaviour(singapore, "cut");
      await assert.rejects(fixture.store.change(ticketId(2), { priority: "high" }), NoRegionResponds);
      fixture.regions.setBehaviour(ireland, "up");
      await fixture.store.change(ticketId(2), { priority: "medium" }).catch(() => fixture.refresh());
      assert.equal(shown(2)?.priority, there(2)?.priority);
    });

    it("is not undone by a reading that was asked for before it", async () => {
      fixture.regions.setBehaviour(ireland, "late");
      fixture.regions.setBehaviour(singapore, "silent");
      const reading = fixture.store.refresh();
      fixture.regions.setBehaviour(ireland, "up");
      await fixture.store.change(ticketId(2), { priority: "high" });
      await fixture.clock.runUntil(reading);
      assert.equal(shown(2)?.priority, "high");
    });

    it("stays over what a reading says while it is on its way", async () => {
      fixture.regions.setBehaviour(ireland, "late");
      fixture.regions.setBehaviour(singapore, "silent");
      const changing = fixture.store.change(ticketId(2), { status: "closed" });
      fixture.regions.setBehaviour(ireland, "up");
      fixture.regions.ireland.change(ticketId(2), { assignee: "Ada" });
      await fixture.store.refresh();
      assert.deepEqual([shown(2)?.status, shown(2)?.assignee], ["closed", "Ada"]);
      await fixture.clock.runUntil(changing);
    });

    it("takes the ticket out of a filter that does not show it any more", async () => {
      await fixture.store.setFilter({ status: "open" });
      fixture.regions.ireland.lateIndex = true;
      await fixture.store.change(ticketId(2), { status: "closed" });
      await fixture.refresh();
      assert.equal(fixture.subjects, "3 1", "although the index is late");
      fixture.regions.ireland.updateIndex();
      await fixture.refresh();
      assert.equal(fixture.subjects, "3 1");
    });

    it("keeps both changes when somebody has changed other fields", async () => {
      fixture.regions.ireland.change(ticketId(2), { assignee: "Ada" });
      await fixture.store.change(ticketId(2), { priority: "high" });
      assert.deepEqual([there(2)?.assignee, there(2)?.priority], ["Ada", "high"]);
      assert.deepEqual([shown(2)?.assignee, shown(2)?.priority], ["Ada", "high"]);
    });

    it("is taken back, and says what somebody did, when the same field was changed", async () => {
      fixture.regions.ireland.change(ticketId(2), { priority: "high" });
      await assert.rejects(
        fixture.store.change(ticketId(2), { priority: "low", subject: "two" }),
        (error) =>
          error instanceof ConcurrentChange &&
          /^Another user changed the priority to high/.test(error.message),
      );
      assert.deepEqual([shown(2)?.priority, shown(2)?.subject], ["high", "2"]);
      assert.deepEqual([there(2)?.priority, there(2)?.subject], ["high", "2"]);
    });

    it("is measured against what the user saw when the edit began", async () => {
      const seen = shown(2)!;
      fixture.regions.ireland.change(ticketId(2), { description: "theirs", assignee: "Ada" });
      await fixture.refresh();
      await assert.rejects(
        fixture.store.change(ticketId(2), { description: "mine" }, seen),
        ConcurrentChange,
      );
      await fixture.store.change(ticketId(2), { subject: "mine" }, seen);
      assert.deepEqual(
        [there(2)?.subject, there(2)?.description, there(2)?.assignee],
        ["mine", "theirs", "Ada"],
      );
    });

    it("says so when somebody deleted the ticket", async () => {
      fixture.regions.ireland.remove(ticketId(2));
      await assert.rejects(
        fixture.store.change(ticketId(2), { priority: "low" }),
        (error) => error instanceof ConcurrentChange && error.theirs === undefined,
      );
      assert.equal(fixture.subjects, "3 1");
      await assert.rejects(fixture.store.change(ticketId(2), { priority: "low" }), ConcurrentChange);
    });

    it("follows an earlier one of the same ticket, over its result", async () => {
      fixture.regions.setBehaviour(ireland, "late");
      fixture.regions.setBehaviour(singapore, "silent");
      const first = fixture.store.change(ticketId(2), { priority: "high" });
      const second = fixture.store.change(ticketId(2), { priority: "low", assignee: "Ada" });
      assert.deepEqual([shown(2)?.priority, shown(2)?.assignee], ["low", "Ada"]);
      await fixture.clock.runUntil(Promise.all([first, second]));
      assert.deepEqual(patches(), [
        ...["PATCH ireland /tickets/T002", "PATCH singapore /tickets/T002"],
        ...["PATCH ireland /tickets/T002", "PATCH singapore /tickets/T002"],
      ]);
      assert.deepEqual([there(2)?.priority, there(2)?.assignee], ["low", "Ada"]);
    });

    it("goes on when an earlier one of the same field fails", async () => {
      fixture.regions.setBehaviour(ireland, 400);
      const first = fixture.store.change(ticketId(2), { priority: "high" });
      fixture.regions.setBehaviour(ireland, "up");
      const second = fixture.store.change(ticketId(2), { priority: "low" });
      await assert.rejects(first, ApiProblem);
      await second;
      assert.equal(there(2)?.priority, "low");
    });

    it("is taken back when no region answers, and safe to repeat", async () => {
      fixture.regions.setBehaviour(ireland, "lost");
      fixture.regions.setBehaviour(singapore, "cut");
      await assert.rejects(fixture.clock.runUntil(fixture.store.change(ticketId(2), { priority: "high" })), {
        uncertain: true,
      });
      assert.equal(shown(2)?.priority, "medium");
      fixture.regions.setBehaviour(ireland, "up");
      await fixture.store.change(ticketId(2), { priority: "high" });
      assert.equal(shown(2)?.priority, "high");
    });
  });
});
