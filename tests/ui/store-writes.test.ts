import assert from "node:assert/strict";
import { ApiProblem, ConcurrentChange, NoRegionResponds } from "../../ui/src/data/errors";
import { ShownTicket } from "../../ui/src/data/ticket-store";
import { ireland, singapore } from "./fake-regions";
import { StoreFixture, ticketId } from "./store-fixture";

describe("Writes of the web UI", () => {
  let fixture: StoreFixture;
  const shown = (number: number): ShownTicket | undefined =>
    fixture.store.tickets.value.find(({ id }) => id === ticketId(number));
  const there = (number: number) =>
    fixture.regions.ireland.tickets().find(({ id }) => id === ticketId(number));

  beforeEach(async () => {
    fixture = new StoreFixture();
    await fixture.createTickets(3);
  });

  describe("creation", () => {
    it("shows the ticket immediately at the top, under a stable key", async () => {
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

    it("is sent to both regions with one key when the first one does not respond, and creates one ticket", async () => {
      fixture.regions.setBehavior(ireland, "applies, hangs");
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

    it("shows the ticket once when a region lists it before the response arrives", async () => {
      fixture.regions.setBehavior(ireland, "slow");
      fixture.regions.setBehavior(singapore, "hangs");
      const creating = fixture.store.create({ subject: "new" });
      fixture.regions.setBehavior(ireland, "up");
      await fixture.store.refresh();
      assert.equal(fixture.subjects, "new 3 2 1");
      await fixture.clock.runUntil(creating);
      assert.equal(fixture.subjects, "new 3 2 1");
    });

    it("stays shown while the index is stale", async () => {
      fixture.regions.ireland.lateIndex = true;
      await fixture.store.create({ subject: "new" });
      await fixture.refresh();
      assert.equal(fixture.subjects, "new 3 2 1");
    });

    it("is rolled back when the API rejects it, with the invalid fields", async () => {
      await assert.rejects(fixture.store.create({ subject: "" }), (error) => {
        assert.ok(error instanceof ApiProblem);
        assert.deepEqual(error.problem.errors, [{ field: "subject", detail: "Must not be empty." }]);
        return true;
      });
      assert.equal(fixture.subjects, "3 2 1");
    });

    it("never creates a second ticket when an equal draft is retried, even after a reload", async () => {
      fixture.regions.setBehavior(ireland, "applies, disconnects");
      fixture.regions.setBehavior(singapore, "disconnects");
      const draft = { subject: "new", description: "unchanged" };
      await assert.rejects(fixture.store.create(draft), NoRegionResponds);
      fixture.regions.setBehavior(ireland, 503);
      fixture.regions.setBehavior(singapore, 503);
      await assert.rejects(fixture.reload().create(draft), { uncertain: false });
      assert.equal(fixture.subjects, "3 2 1");
      fixture.regions.setBehavior(ireland, "up");
      await fixture.reload().create({ description: "unchanged", subject: "new" });
      assert.equal(fixture.regions.ireland.tickets().length, 4);
    });

    it("is one creation for concurrent equal drafts, and two for consecutive ones", async () => {
      const draft = { subject: "new" };
      const creating = [fixture.store.create(draft), fixture.store.create(draft)];
      assert.equal(fixture.subjects, "new 3 2 1");
      const [one, other] = await Promise.all(creating);
      assert.equal(one.id, other.id);
      await fixture.clock.advance(1);
      assert.notEqual((await fixture.store.create(draft)).id, one.id);
    });
  });

  describe("change", () => {
    it("shows the change immediately, and sends it over the known version", async () => {
      const changing = fixture.store.change(ticketId(2), { priority: "high" });
      assert.deepEqual([shown(2)?.priority, shown(2)?.saving], ["high", true]);
      await changing;
      assert.deepEqual([shown(2)?.priority, shown(2)?.saving], ["high", false]);
      assert.equal(there(2)?.priority, "high");
    });

    it("is sent even if the cached ticket already has it", async () => {
      fixture.regions.setBehavior(ireland, "applies, disconnects");
      fixture.regions.setBehavior(singapore, "disconnects");
      await assert.rejects(fixture.store.change(ticketId(2), { priority: "high" }), NoRegionResponds);
      fixture.regions.setBehavior(ireland, "up");
      await fixture.store.change(ticketId(2), { priority: "medium" }).catch(() => fixture.refresh());
      assert.equal(shown(2)?.priority, there(2)?.priority);
    });

    it("is not reverted by a refresh that started before it", async () => {
      fixture.regions.setBehavior(ireland, "slow");
      fixture.regions.setBehavior(singapore, "hangs");
      const reading = fixture.store.refresh();
      fixture.regions.setBehavior(ireland, "up");
      await fixture.store.change(ticketId(2), { priority: "high" });
      await fixture.clock.runUntil(reading);
      assert.equal(shown(2)?.priority, "high");
    });

    it("overlays the refreshed ticket while it is in flight", async () => {
      fixture.regions.setBehavior(ireland, "slow");
      fixture.regions.setBehavior(singapore, "hangs");
      const changing = fixture.store.change(ticketId(2), { status: "closed" });
      fixture.regions.setBehavior(ireland, "up");
      fixture.regions.ireland.change(ticketId(2), { assignee: "Ada" });
      await fixture.store.refresh();
      assert.deepEqual([shown(2)?.status, shown(2)?.assignee], ["closed", "Ada"]);
      await fixture.clock.runUntil(changing);
    });

    it("removes the ticket from a filter that it no longer matches", async () => {
      await fixture.store.setFilter({ status: "open" });
      fixture.regions.ireland.lateIndex = true;
      await fixture.store.change(ticketId(2), { status: "closed" });
      await fixture.refresh();
      assert.equal(fixture.subjects, "3 1", "although the index is stale");
      fixture.regions.ireland.updateIndex();
      await fixture.refresh();
      assert.equal(fixture.subjects, "3 1");
    });

    it("keeps both changes when another user changed other fields", async () => {
      fixture.regions.ireland.change(ticketId(2), { assignee: "Ada" });
      await fixture.store.change(ticketId(2), { priority: "high" });
      assert.deepEqual([there(2)?.assignee, there(2)?.priority], ["Ada", "high"]);
      assert.deepEqual([shown(2)?.assignee, shown(2)?.priority], ["Ada", "high"]);
    });

    it("is rolled back with a description when another user changed the same field", async () => {
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

    it("is compared with the ticket that the user saw when the edit began", async () => {
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

    it("reports that another user deleted the ticket", async () => {
      fixture.regions.ireland.remove(ticketId(2));
      await assert.rejects(
        fixture.store.change(ticketId(2), { priority: "low" }),
        (error) => error instanceof ConcurrentChange && error.theirs === undefined,
      );
      assert.equal(fixture.subjects, "3 1");
      await assert.rejects(fixture.store.change(ticketId(2), { priority: "low" }), ConcurrentChange);
    });

    it("is sent after an earlier change of the same ticket, over its result", async () => {
      fixture.regions.setBehavior(ireland, "slow");
      fixture.regions.setBehavior(singapore, "hangs");
      const first = fixture.store.change(ticketId(2), { priority: "high" });
      const second = fixture.store.change(ticketId(2), { priority: "low", assignee: "Ada" });
      assert.deepEqual([shown(2)?.priority, shown(2)?.assignee], ["low", "Ada"]);
      await fixture.clock.runUntil(Promise.all([first, second]));
      assert.deepEqual(fixture.takeRequests("PATCH"), [
        ...["PATCH ireland /tickets/T002", "PATCH singapore /tickets/T002"],
        ...["PATCH ireland /tickets/T002", "PATCH singapore /tickets/T002"],
      ]);
      assert.deepEqual([there(2)?.priority, there(2)?.assignee], ["low", "Ada"]);
    });

    it("continues when an earlier change of the same field fails", async () => {
      fixture.regions.setBehavior(ireland, 400);
      const first = fixture.store.change(ticketId(2), { priority: "high" });
      fixture.regions.setBehavior(ireland, "up");
      const second = fixture.store.change(ticketId(2), { priority: "low" });
      await assert.rejects(first, ApiProblem);
      await second;
      assert.equal(there(2)?.priority, "low");
    });

    it("is rolled back when no region responds, and can be retried", async () => {
      fixture.regions.setBehavior(ireland, "applies, disconnects");
      fixture.regions.setBehavior(singapore, "disconnects");
      await assert.rejects(fixture.clock.runUntil(fixture.store.change(ticketId(2), { priority: "high" })), {
        uncertain: true,
      });
      assert.equal(shown(2)?.priority, "medium");
      fixture.regions.setBehavior(ireland, "up");
      await fixture.store.change(ticketId(2), { priority: "high" });
      assert.equal(shown(2)?.priority, "high");
    });
  });
});
