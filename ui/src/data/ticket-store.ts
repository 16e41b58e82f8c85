import { batch, computed, ReadonlySignal } from "@preact/signals";
import { Ticket, TicketChanges, TicketDraft, TicketFilter } from "./api-types";
import type { Clock } from "./browser";
import { ConflictWatch } from "./conflict-watch";
import { Creations } from "./creations";
import { DraftKeys, KeyStorage } from "./draft-keys";
import { ChangeLost } from "./errors";
import { knownAssignees } from "./known-assignees";
import { PAGE_SIZE } from "./listing";
import { ListingReader } from "./listing-reader";
import { Showing, ShownTicket, shownTickets, withEdits } from "./shown-tickets";
import { OwnEdits } from "./own-edits";
import { assertKnown, Edit, editOf, knownBy, rebase, rebaseCompared } from "./edits";
import type { RegionalClient } from "./regional-client";
import type { RegionalState } from "./region-standing";
import { finishRemovals, LoggedRemoval, RemovalLog } from "./removal-log";
import { PendingRemoval, Removals } from "./removals";
import { Settling } from "./conflicts";
import { withStatus } from "./status-rule";
import { cleaned } from "./field-normalization";
import { TicketApi } from "./ticket-api";
import { TicketMemory } from "./ticket-cache";
import { TicketQueues } from "./ticket-queues";
import { VersionedWrites } from "./versioned-writes";

export type { ShownTicket } from "./shown-tickets";
export type { PendingRemoval } from "./removals";
export type { Compared, Keep } from "./conflicts";

/** What a store works with. */
export interface TicketStoreOptions {
  readonly client: Pick<RegionalClient, "send" | "state">;
  readonly clock: Clock;
  /** Where the keys of unfinished creations outlive a reload. */
  readonly storage: KeyStorage;
}

/**
 * The tickets as the page shows them. Signals say what there is to show; methods do what the user asks.
 *
 * Methods that write lay the change over what is shown at once. When the write fails, the change is taken back and the
 * method throws; `problemText` (wording.ts) has words for everything that is thrown:
 * - ApiProblem: the API refused; `problem.errors` names the fields.
 * - ChangeLost: somebody else changed the same fields, or deleted the ticket, meanwhile; the message says what.
 * - NoRegionAnswers: no region answers; when its `uncertain` is true the write may have been saved.
 * - RegionBehind: the only region that answers does not have the ticket's last version yet.
 *
 * Methods that read never throw: what went wrong is in `problem`, or in `region.offline` when no region answers.
 */
export class TicketStore {
  /** The tickets that match the filter, newest first, as far as they were asked for. */
  readonly tickets: ReadonlySignal<readonly ShownTicket[]>;
  readonly filter: ReadonlySignal<TicketFilter>;
  /** Whether the regions have not answered yet what matches the filter. Known tickets that match are shown meanwhile. */
  readonly pending: ReadonlySignal<boolean>;
  /** Whether `loadMore` would give more. */
  readonly hasMore: ReadonlySignal<boolean>;
  /** Why the tickets could not be read. Undefined when they could, and when no region answers: see `region`. */
  readonly problem: ReadonlySignal<string | undefined>;
  /** Which region serves, and whether none does. */
  readonly region: ReadonlySignal<RegionalState>;
  /** Every assignee seen since the page was opened, sorted; for suggestions. */
  readonly assignees: ReadonlySignal<readonly string[]>;

  /** Compares and settles what regions changed independently. */
  readonly conflicts: Settling;

  private readonly api: TicketApi;
  private readonly memory: TicketMemory;
  private readonly listing: ListingReader;
  private readonly conflictWatch: ConflictWatch;
  private readonly creations: Creations;
  private readonly removals: Removals;
  private readonly removalLog: RemovalLog;
  private readonly writes: VersionedWrites;
  private readonly queues = new TicketQueues();
  private readonly edits = new OwnEdits();
  /** The keys of tickets that were created here, by id. */
  private readonly keys = new Map<string, string>();

  constructor({ client, clock, storage }: TicketStoreOptions) {
    this.memory = new TicketMemory(clock);
    this.api = new TicketApi(client, (id) => this.memory.known(id));
    this.listing = new ListingReader(this.api, this.memory);
    this.conflictWatch = new ConflictWatch(this.api, clock);
    this.creations = new Creations(this.api, new DraftKeys(storage, clock), clock);
    this.removals = new Removals(clock);
    this.removalLog = new RemovalLog(storage, clock);
    for (const { id, version } of this.removalLog.all()) this.memory.forget(id, version);
    this.writes = new VersionedWrites(this.api, this.memory, clock);

    this.conflicts = new Settling({
      history: (id) => this.api.conflicts(id),
      known: (id) => this.memory.ticket(id)?.version,
      read: (id, version) => this.read(id, version),
      remove: (id, seen) => this.remove(id, seen),
      save: (id, changesOf, seen) => this.save(id, changesOf, seen, rebaseCompared),
    });
    this.filter = this.listing.filter;
    this.pending = this.listing.pending;
    this.hasMore = this.listing.hasMore;
    this.problem = this.listing.problem;
    this.region = client.state;
    this.tickets = computed(() => this.shown());
    this.assignees = knownAssignees(this.memory);
  }

  /** Shows the tickets that match a filter, from the first page on. */
  async show(filter: TicketFilter): Promise<void> {
    await this.listing.show(filter);
  }

  /** A ticket as it is shown, whether or not it is listed; undefined when it is not known, or is being deleted. */
  find(id: string): ShownTicket | undefined {
    const known = this.memory.tickets.value.get(id)?.ticket;
    const showing = this.showing(known ? [known] : [], {}, () => true);
    return shownTickets(showing).find((shown) => shown.id === id && shown.version !== "");
  }

  /**
   * Reads a ticket from a region's table, which is strongly consistent where the listing is not.
   * @param version the oldest version that will do; any by default.
   * @returns undefined when there is no such ticket.
   * @throws ApiProblem, NoRegionAnswers, and RegionBehind when a region that does not answer may have it.
   */
  async read(id: string, version = ""): Promise<Ticket | undefined> {
    const { value, region } = await this.api.read(id, version);
    return value && this.memory.note(value, region);
  }

  /** Shows one page more. */
  readonly loadMore = (): Promise<void> => this.listing.loadMore();

  /** Reads again what is shown. Done every few seconds by itself while the page is visible. */
  async refresh(): Promise<void> {
    await Promise.all([this.listing.refresh(), this.conflictWatch.refresh()]);
  }

  /**
   * Creates a ticket. The same draft again, after an error that leaves open whether it was saved (and also after a reload of
   * the page), or while it is still on its way, never makes a second ticket.
   */
  async create(draft: TicketDraft): Promise<Ticket> {
    const { key, created } = this.creations.begin(withStatus(cleaned(draft), {}));
    try {
      const { value, region } = await created;
      return batch(() => {
        this.keys.set(value.id, key);
        this.creations.end(key);
        return this.memory.note(value, region);
      });
    } catch (error) {
      this.creations.end(key);
      throw this.failed(error);
    }
  }

  /**
   * Changes fields of a ticket. When others have changed different fields meanwhile, both changes stay.
   * @param seen the ticket as the user saw it when the edit began, when that is earlier than now (a form that stood open).
   */
  async change(id: string, changes: TicketChanges, seen?: Ticket): Promise<void> {
    await this.save(id, () => changes, seen, rebase);
  }

  private async save(
    id: string,
    changesOf: (seen: Ticket) => TicketChanges,
    seen: Ticket | undefined,
    over: (edit: Edit, latest: Ticket) => TicketChanges,
  ): Promise<void> {
    const base = this.seenNow(id, seen);
    const edit = editOf(withStatus(cleaned(changesOf(base)), base), base, this.edits.of(id));
    this.edits.add(id, edit);
    try {
      await this.queues.run(id, () => this.writes.change(id, base, (latest) => over(edit, latest)));
    } catch (error) {
      throw this.failed(error);
    } finally {
      this.edits.end(id, edit);
    }
  }

  /**
   * Takes a ticket off the list at once and deletes it six seconds later.
   * @throws ChangeLost at once when the ticket is not there any more.
   */
  remove(id: string, seen?: Ticket): PendingRemoval {
    const base = this.seenNow(id, seen);
    const knew = knownBy(base, this.edits.of(id));
    return this.removals.begin(id, async (leaving) => {
      const assertMay = (latest: Ticket): void => assertKnown(knew, latest);
      const sending = (latest: Ticket): void => this.removalLog.note(latest);
      try {
        await this.queues.run(id, () => this.writes.remove(id, base, assertMay, leaving, sending));
        this.removalLog.confirm(id);
      } catch (error) {
        this.removalLog.drop(id);
        throw this.failed(error);
      }
    });
  }

  /**
   * Sends again what was sent when the page was left and nobody confirmed; a delete that was done is none the second time.
   * @returns the deletes that did not happen; their tickets are shown again.
   */
  async finishRemovals(): Promise<readonly LoggedRemoval[]> {
    const failed = await finishRemovals(this.api, this.removalLog);
    for (const { id } of failed) this.failed(this.memory.recall(id));
    return failed;
  }

  /** To be called when the page is left: sends the deletes that wait. */
  leave(): void {
    this.removals.leave();
  }

  private shown(): readonly ShownTicket[] {
    const remembered = Array.from(this.memory.tickets.value.values(), ({ ticket }) => ticket);
    const inReach = (ticket: Ticket): boolean => this.listing.inReach(ticket);
    const tickets = shownTickets(this.showing(remembered, this.filter.value, inReach));
    return this.pending.value ? tickets.slice(0, PAGE_SIZE) : tickets;
  }

  private showing(tickets: readonly Ticket[], filter: TicketFilter, inReach: Showing["inReach"]): Showing {
    return {
      ...{ tickets, filter, inReach },
      creations: this.creations.all.value,
      keys: this.keys,
      edits: this.edits.all.value,
      removals: this.removals.all.value,
      conflicts: this.conflictWatch.losingVersions.value,
    };
  }

  private seenNow(id: string, seen: Ticket | undefined): Ticket {
    const known = this.memory.ticket(id);
    const now = seen ?? (known && withEdits(known, this.edits.of(id)));
    if (!now) throw new ChangeLost(undefined);
    return now;
  }

  /** After a write that failed the list shows soon what is really there. */
  private failed(error: unknown): unknown {
    void this.refresh();
    return error;
  }
}
