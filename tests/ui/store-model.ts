import assert from "node:assert/strict";
import type { Ticket, TicketChanges } from "../../ui/src/data/api-types";
import { ApiProblem, ConcurrentChange, NoRegionResponds, RegionBehind } from "../../ui/src/data/errors";
import { matchesFilter, positionOf } from "../../ui/src/data/listing";
import { withDerivedStatus } from "../../ui/src/data/field-normalization";
import type { FakeRegion } from "./fake-region";
import { ireland, singapore } from "./fake-regions";
import { StoreFixture } from "./store-fixture";
import type { Step } from "./store-steps";

/** Change by the user, and its result. */
interface Outcome {
  readonly id: string;
  readonly changes: TicketChanges;
  state: "open" | "done" | "refused" | "uncertain";
}

/** Model of the user, other users and region failures, with the invariants of the store. */
export class StoreModel {
  private readonly fixture = new StoreFixture();
  private readonly regions: readonly FakeRegion[] = this.fixture.regions.both;
  private readonly operations: Promise<unknown>[] = [];
  private readonly changes: Outcome[] = [];
  private readonly created = new Map<string, string>();
  private readonly removals = new Map<string, "open" | "undone" | "removed" | "failed" | "uncertain">();
  /** Subjects of tickets whose creation failed or is uncertain. */
  private readonly uncertainSubjects: string[] = [];
  private subjects = 0;
  private isOnlyUser = true;

  constructor() {
    for (const region of this.regions) region.lateIndex = true;
  }

  /** Runs a step and its immediate consequences. */
  async run(step: Step): Promise<void> {
    this.start(step);
    // Every step has its own time, so that every write has its own version.
    await this.fixture.clock.advance(step.does === "wait" ? step.milliseconds : 1);
    this.assertShown();
  }

  /** Ends all failures, waits for all operations in flight, and checks the result. */
  async end(): Promise<void> {
    const { fixture } = this;
    for (const api of [ireland, singapore]) fixture.regions.setBehavior(api, "up");
    for (let second = 0; second < 90; second++) {
      fixture.regions.replicate();
      this.updateIndexes();
      await fixture.clock.advance(1_000);
    }
    await fixture.clock.runUntil(Promise.all(this.operations));
    fixture.regions.replicate();
    this.updateIndexes();
    await fixture.clock.runUntil(fixture.store.setFilter({}));
    while (fixture.store.hasMore.value) await fixture.clock.runUntil(fixture.store.loadMore());
    this.assertShown();
    this.assertConverged();
    if (this.isOnlyUser) this.assertNothingLost();
  }

  private updateIndexes(): void {
    for (const region of this.regions) region.updateIndex();
  }

  private start(step: Step): void {
    const { store, regions } = this.fixture;
    if (step.does === "create") this.create(step);
    else if (step.does === "change") this.change(step);
    else if (step.does === "remove") this.remove(step);
    else if (step.does === "show") this.track(store.setFilter(step.filter));
    else if (step.does === "refresh") this.track(store.refresh());
    else if (step.does === "loadMore") this.track(store.loadMore());
    else if (step.does === "replicate") regions.replicate();
    else if (step.does === "index") this.updateIndexes();
    else if (step.does === "fail")
      [ireland, singapore].forEach((api, index) => {
        regions.setBehavior(api, step.reads[index], "read");
        regions.setBehavior(api, step.writes[index], "write");
      });
    else if (step.does === "other") this.changeAsOther(step);
  }

  /** Creates a ticket, or retries an uncertain creation. */
  private create({ again }: Extract<Step, { does: "create" }>): void {
    const subject = (again && this.uncertainSubjects.pop()) || `ticket ${++this.subjects}`;
    this.track(
      this.fixture.store.create({ subject }).then(
        ({ id }) => this.created.set(subject, id),
        (error: unknown) => {
          this.uncertainSubjects.push(subject);
          throw error;
        },
      ),
    );
  }

  private change({ nth, changes }: Extract<Step, { does: "change" }>): void {
    const ticket = this.chosen(nth);
    if (!ticket) return;
    const outcome: Outcome = { id: ticket.id, changes: withDerivedStatus(changes, ticket), state: "open" };
    this.changes.push(outcome);
    const changing = this.fixture.store.change(ticket.id, changes);
    this.track(
      changing.then(
        () => (outcome.state = "done"),
        (error: unknown) => {
          outcome.state = isUncertain(error) ? "uncertain" : "refused";
          throw error;
        },
      ),
    );
  }

  private remove({ nth, undo }: Extract<Step, { does: "remove" }>): void {
    const ticket = this.chosen(nth);
    if (!ticket) return;
    const removal = this.fixture.store.remove(ticket.id);
    const unsure = this.removals.get(ticket.id) === "uncertain";
    this.removals.set(ticket.id, "open");
    if (undo) removal.undo();
    this.track(
      removal.done.then(
        (end) => this.removals.set(ticket.id, end === "undone" && unsure ? "uncertain" : end),
        (error: unknown) => {
          this.removals.set(ticket.id, isUncertain(error) || unsure ? "uncertain" : "failed");
          throw error;
        },
      ),
    );
  }

  private changeAsOther({ region, nth, changes }: Extract<Step, { does: "other" }>): void {
    this.isOnlyUser = false;
    const live = this.regions[region].tickets();
    const ticket = live[nth % live.length];
    if (!ticket) return;
    if (changes) this.regions[region].change(ticket.id, changes);
    else this.regions[region].remove(ticket.id);
  }

  private chosen(nth: number): Ticket | undefined {
    const shown = this.fixture.store.tickets.value.filter(({ creating }) => !creating);
    return shown[nth % shown.length];
  }

  private track(doing: Promise<unknown>): void {
    this.operations.push(
      doing.catch((error: unknown) => {
        const expected = [ApiProblem, ConcurrentChange, NoRegionResponds, RegionBehind];
        assert.ok(
          expected.some((kind) => error instanceof kind),
          String(error),
        );
        // An uncertain change looks like the change of another user when it turns out to be applied.
        const own = [...this.changes.map(({ state }) => state), ...this.removals.values()].includes(
          "uncertain",
        );
        assert.ok(!(error instanceof ConcurrentChange && this.isOnlyUser && !own), String(error));
      }),
    );
  }

  private assertShown(): void {
    const { tickets, filter } = this.fixture.store;
    const subjects = tickets.value.map(({ subject }) => subject);
    assert.deepEqual([...new Set(subjects)], subjects, "a ticket is shown twice");
    const places = tickets.value.filter(({ creating }) => !creating).map(positionOf);
    assert.deepEqual(places, [...places].sort().reverse(), "the newest tickets are not first");
    for (const ticket of tickets.value) {
      assert.ok(matchesFilter(ticket, filter.value), "the filter does not show it");
      assert.notEqual(this.removals.get(ticket.id), "open", "it is being deleted");
      const open = this.changes.filter(({ id, state }) => id === ticket.id && state === "open");
      const wanted = Object.assign({}, ...open.map(({ changes }) => changes)) as TicketChanges;
      for (const [field, value] of Object.entries(wanted))
        assert.equal(ticket[field as keyof TicketChanges], value, "a change in flight is not shown");
      if (this.isOnlyUser) {
        assert.notEqual(this.removals.get(ticket.id), "removed", "it is deleted");
        this.assertChangesStand(ticket);
      }
    }
    if (this.isOnlyUser && !("status" in filter.value || "assignee" in filter.value))
      for (const [subject, id] of this.created)
        assert.ok(this.removals.has(id) || subjects.includes(subject), `${subject} has vanished`);
  }

  private assertConverged(): void {
    const [one, other] = this.regions.map((region) => region.tickets());
    assert.deepEqual(one, other, "the regions differ");
    const subjects = one.map(({ subject }) => subject);
    assert.deepEqual([...new Set(subjects)], subjects, "a ticket was created twice");
    const shown = this.fixture.store.tickets.value.map(
      ({ key, saving, creating, hasConflict, ...ticket }) => {
        assert.deepEqual(
          { saving, creating, hasConflict },
          { saving: false, creating: false, hasConflict: false },
        );
        assert.ok(key);
        return ticket;
      },
    );
    assert.deepEqual(shown, one, "the web UI shows other tickets");
  }

  /** Asserts that acknowledged writes remain when there is no other user. */
  private assertNothingLost(): void {
    const live = new Map(this.regions[0].tickets().map((ticket) => [ticket.id, ticket]));
    for (const [subject, id] of this.created) {
      const removal = this.removals.get(id);
      assert.ok(
        removal === "uncertain" || live.has(id) === (removal !== "removed"),
        `${subject}: ${removal}`,
      );
    }
    for (const ticket of live.values()) this.assertChangesStand(ticket);
  }

  /** Asserts that each field has the value of the last acknowledged change, or of a later uncertain one. */
  private assertChangesStand(ticket: Ticket): void {
    for (const field of ["priority", "status", "assignee"] as const) {
      const own = this.changes.filter(({ id, changes }) => id === ticket.id && changes[field] !== undefined);
      const last = own.map(({ state }) => state).lastIndexOf("done");
      const possible = own.slice(Math.max(last, 0)).filter(({ state }) => state !== "refused");
      assert.ok(
        last < 0 || possible.some(({ changes }) => changes[field] === ticket[field]),
        `the ${field} of ${ticket.subject} is ${ticket[field]}`,
      );
    }
  }
}

/** Returns whether a failed write may have been applied. */
function isUncertain(error: unknown): boolean {
  const keepsChanging = error instanceof ApiProblem && error.problem.status === 409;
  return (
    [NoRegionResponds, ConcurrentChange, ApiProblem].some(
      (kind) => error instanceof kind && error.uncertain,
    ) ||
    error instanceof RegionBehind ||
    keepsChanging
  );
}
