import assert from "node:assert/strict";
import type { Ticket, TicketChanges } from "../../ui/src/data/api-types";
import { ApiProblem, ChangeLost, NoRegionAnswers, RegionBehind } from "../../ui/src/data/errors";
import { matches, placeOf } from "../../ui/src/data/listing";
import { withStatus } from "../../ui/src/data/status-rule";
import type { FakeRegion } from "./fake-region";
import { ireland, singapore } from "./fake-regions";
import { StoreFixture } from "./store-fixture";
import type { Step } from "./store-steps";

/** What may come of a user's change of one field. */
interface Outcome {
  readonly id: string;
  readonly changes: TicketChanges;
  state: "open" | "done" | "refused" | "uncertain";
}

/** A user, other users and the regions' troubles, and what must hold for all of them. */
export class StoreModel {
  private readonly page = new StoreFixture();
  private readonly regions: readonly FakeRegion[] = this.page.regions.both;
  private readonly doings: Promise<unknown>[] = [];
  private readonly changes: Outcome[] = [];
  private readonly created = new Map<string, string>();
  private readonly removals = new Map<string, "open" | "undone" | "removed" | "failed" | "uncertain">();
  /** Subjects of tickets that could not be created, as far as the page knows. */
  private readonly unsure: string[] = [];
  private subjects = 0;
  private alone = true;

  constructor() {
    for (const region of this.regions) region.lateIndex = true;
  }

  /** Lets a step happen, and whatever follows from it at once. */
  async take(step: Step): Promise<void> {
    this.begin(step);
    // Every step has a time of its own, as every write has a version of its own.
    await this.page.clock.pass(step.does === "wait" ? step.milliseconds : 1);
    this.assertShown();
  }

  /** Ends every trouble, waits for everything that is under way, and compares. */
  async end(): Promise<void> {
    const { page } = this;
    for (const api of [ireland, singapore]) page.regions.set(api, "up");
    for (let second = 0; second < 90; second++) {
      page.regions.replicate();
      this.index();
      await page.clock.pass(1_000);
    }
    await page.clock.until(Promise.all(this.doings));
    page.regions.replicate();
    this.index();
    await page.clock.until(page.store.show({}));
    while (page.store.hasMore.value) await page.clock.until(page.store.loadMore());
    this.assertShown();
    this.assertConverged();
    if (this.alone) this.assertNothingLost();
  }

  private index(): void {
    for (const region of this.regions) region.index();
  }

  private begin(step: Step): void {
    const { store, regions } = this.page;
    if (step.does === "create") this.create(step);
    else if (step.does === "change") this.change(step);
    else if (step.does === "remove") this.remove(step);
    else if (step.does === "show") this.do(store.show(step.filter));
    else if (step.does === "refresh") this.do(store.refresh());
    else if (step.does === "loadMore") this.do(store.loadMore());
    else if (step.does === "replicate") regions.replicate();
    else if (step.does === "index") this.index();
    else if (step.does === "fail")
      [ireland, singapore].forEach((api, index) => {
        regions.set(api, step.reads[index], "read");
        regions.set(api, step.writes[index], "write");
      });
    else if (step.does === "other") this.other(step);
  }

  /** Creates a ticket, or tries again what nobody knows to have been saved. */
  private create({ again }: Extract<Step, { does: "create" }>): void {
    const subject = (again && this.unsure.pop()) || `ticket ${++this.subjects}`;
    this.do(
      this.page.store.create({ subject }).then(
        ({ id }) => this.created.set(subject, id),
        (error: unknown) => {
          this.unsure.push(subject);
          throw error;
        },
      ),
    );
  }

  private change({ nth, changes }: Extract<Step, { does: "change" }>): void {
    const ticket = this.chosen(nth);
    if (!ticket) return;
    const outcome: Outcome = { id: ticket.id, changes: withStatus(changes, ticket), state: "open" };
    this.changes.push(outcome);
    const changing = this.page.store.change(ticket.id, changes);
    this.do(
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
    const removal = this.page.store.remove(ticket.id);
    const unsure = this.removals.get(ticket.id) === "uncertain";
    this.removals.set(ticket.id, "open");
    if (undo) removal.undo();
    this.do(
      removal.done.then(
        (end) => this.removals.set(ticket.id, end === "undone" && unsure ? "uncertain" : end),
        (error: unknown) => {
          this.removals.set(ticket.id, isUncertain(error) || unsure ? "uncertain" : "failed");
          throw error;
        },
      ),
    );
  }

  private other({ region, nth, changes }: Extract<Step, { does: "other" }>): void {
    this.alone = false;
    const live = this.regions[region].live();
    const ticket = live[nth % live.length];
    if (!ticket) return;
    if (changes) this.regions[region].change(ticket.id, changes);
    else this.regions[region].remove(ticket.id);
  }

  private chosen(nth: number): Ticket | undefined {
    const shown = this.page.store.tickets.value.filter(({ creating }) => !creating);
    return shown[nth % shown.length];
  }

  private do(doing: Promise<unknown>): void {
    this.doings.push(
      doing.catch((error: unknown) => {
        const expected = [ApiProblem, ChangeLost, NoRegionAnswers, RegionBehind];
        assert.ok(
          expected.some((kind) => error instanceof kind),
          String(error),
        );
        // A change that nobody knows to have been saved looks like somebody else's afterwards.
        const own = [...this.changes.map(({ state }) => state), ...this.removals.values()].includes(
          "uncertain",
        );
        assert.ok(!(error instanceof ChangeLost && this.alone && !own), String(error));
      }),
    );
  }

  private assertShown(): void {
    const { tickets, filter } = this.page.store;
    const subjects = tickets.value.map(({ subject }) => subject);
    assert.deepEqual([...new Set(subjects)], subjects, "a ticket is shown twice");
    const places = tickets.value.filter(({ creating }) => !creating).map(placeOf);
    assert.deepEqual(places, [...places].sort().reverse(), "the newest are first");
    for (const ticket of tickets.value) {
      assert.ok(matches(ticket, filter.value), "the filter does not show it");
      assert.notEqual(this.removals.get(ticket.id), "open", "it is being deleted");
      const open = this.changes.filter(({ id, state }) => id === ticket.id && state === "open");
      const wanted = Object.assign({}, ...open.map(({ changes }) => changes)) as TicketChanges;
      for (const [field, value] of Object.entries(wanted))
        assert.equal(ticket[field as keyof TicketChanges], value, "a change on its way is not shown");
      if (this.alone) {
        assert.notEqual(this.removals.get(ticket.id), "removed", "it is deleted");
        this.assertChangesStand(ticket);
      }
    }
    if (this.alone && !("status" in filter.value || "assignee" in filter.value))
      for (const [subject, id] of this.created)
        assert.ok(this.removals.has(id) || subjects.includes(subject), `${subject} has vanished`);
  }

  private assertConverged(): void {
    const [one, other] = this.regions.map((region) => region.live());
    assert.deepEqual(one, other, "the regions differ");
    const subjects = one.map(({ subject }) => subject);
    assert.deepEqual([...new Set(subjects)], subjects, "a ticket was made twice");
    const shown = this.page.store.tickets.value.map(({ key, saving, creating, hasConflict, ...ticket }) => {
      assert.deepEqual(
        { saving, creating, hasConflict },
        { saving: false, creating: false, hasConflict: false },
      );
      assert.ok(key);
      return ticket;
    });
    assert.deepEqual(shown, one, "the page shows something else");
  }

  /** With nobody else about, what was acknowledged stands. */
  private assertNothingLost(): void {
    const live = new Map(this.regions[0].live().map((ticket) => [ticket.id, ticket]));
    for (const [subject, id] of this.created) {
      const removal = this.removals.get(id);
      assert.ok(
        removal === "uncertain" || live.has(id) === (removal !== "removed"),
        `${subject}: ${removal}`,
      );
    }
    for (const ticket of live.values()) this.assertChangesStand(ticket);
  }

  /** Each field is as the last acknowledged change made it, or a later one of which nobody knows. */
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

/** Whether a write that failed so may have been done all the same. */
function isUncertain(error: unknown): boolean {
  const keepsChanging = error instanceof ApiProblem && error.problem.status === 409;
  return (
    (error instanceof NoRegionAnswers && error.uncertain) || error instanceof RegionBehind || keepsChanging
  );
}
