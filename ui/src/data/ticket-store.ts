import { batch, computed, ReadonlySignal } from "@preact/signals";
import { Ticket, TicketChanges, TicketDraft, TicketFilter } from "./api-types";
import type { Clock } from "./browser";
import { ConflictWatch } from "./conflict-watch";
import { Creations } from "./creations";
import { IdempotencyKeys, TabStorage } from "./draft-keys";
import { ConcurrentChange } from "./errors";
import { knownAssignees } from "./known-assignees";
import { PAGE_SIZE } from "./listing";
import { ListingReader } from "./listing-reader";
import { DisplayInput, ShownTicket, shownTickets, withEdits } from "./shown-tickets";
import { PendingEdits } from "./own-edits";
import { assertUnchanged, Edit, createEdit, knownValues, rebase, rebaseUnchanged } from "./edits";
import type { RegionalClient } from "./regional-client";
import type { RegionalState } from "./region-standing";
import { retryUnconfirmed, LoggedRemoval, RemovalLog } from "./removal-log";
import { PendingRemoval, PendingRemovals } from "./removals";
import { ConflictResolver } from "./conflicts";
import { withDerivedStatus } from "./status-rule";
import { normalized } from "./field-normalization";
import { TicketApi } from "./ticket-api";
import { TicketCache } from "./ticket-cache";
import { TicketQueues } from "./ticket-queues";
import { VersionedWrites } from "./versioned-writes";

export type { ShownTicket } from "./shown-tickets";
export type { PendingRemoval } from "./removals";
export type { ConflictComparison, Resolution } from "./conflicts";

/** What a store works with. */
export interface TicketStoreOptions {
  readonly client: Pick<RegionalClient, "send" | "state">;
  readonly clock: Clock;
  /** Where the keys of unfinished creations outlive a reload. */
  readonly storage: TabStorage;
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
  readonly conflicts: ConflictResolver;

  private readonly api: TicketApi;
  private readonly cache: TicketCache;
  private readonly listing: ListingReader;
  private readonly conflictWatch: ConflictWatch;
  private readonly creations: Creations;
  private readonly removals: PendingRemovals;
  private readonly removalLog: RemovalLog;
  private readonly writes: VersionedWrites;
  private readonly queues = new TicketQueues();
  private readonly edits = new PendingEdits();
  /** The keys of tickets that were created here, by id. */
  private readonly keys = new Map<string, string>();

  constructor({ client, clock, storage }: TicketStoreOptions) {
    this.cache = new TicketCache(clock);
    this.api = new TicketApi(client, (id) => this.cache.knownVersions(id));
    this.listing = new ListingReader(this.api, this.cache);
    this.conflictWatch = new ConflictWatch(this.api, clock);
    this.creations = new Creations(this.api, new IdempotencyKeys(storage, clock), clock);
    this.removals = new PendingRemovals(clock);
    this.removalLog = new RemovalLog(storage, clock);
    for (const { id, version } of this.removalLog.all()) this.cache.markDeleted(id, version);
    this.writes = new VersionedWrites(this.api, this.cache, clock);

    this.conflicts = new ConflictResolver({
      history: (id) => this.api.conflicts(id),
      known: (id) => this.cache.ticket(id)?.version,
      read: (id, version) => this.read(id, version),
      remove: (id, seen) => this.remove(id, seen),
      save: (id, changesOf, seen) => this.save(id, changesOf, seen, rebaseUnchanged),
    });
    this.filter = this.listing.filter;
    this.pending = this.listing.pending;
    this.hasMore = this.listing.hasMore;
    this.problem = this.listing.problem;
    this.region = client.state;
    this.tickets = computed(() => this.shown());
    this.assignees = knownAssignees(this.cache);
  }

  /** Shows the tickets that match a filter, from the first page on. */
  async setFilter(filter: TicketFilter): Promise<void> {
    await this.listing.setFilter(filter);
  }

  /** A ticket as it is shown, whether or not it is listed; undefined when it is not known, or is being deleted. */
  find(id: string): ShownTicket | undefined {
    const known = this.cache.tickets.value.get(id)?.ticket;
    const showing = this.displayInput(known ? [known] : [], {}, () => true);
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
    return value && this.cache.add(value, region);
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
    const { key, created } = this.creations.begin(withDerivedStatus(normalized(draft), {}));
    try {
      const { value, region } = await created;
      return batch(() => {
        this.keys.set(value.id, key);
        this.creations.remove(key);
        return this.cache.add(value, region);
      });
    } catch (error) {
      this.creations.remove(key);
      throw this.refreshAfterFailure(error);
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
    const base = this.baseOf(id, seen);
    const edit = createEdit(withDerivedStatus(normalized(changesOf(base)), base), base, this.edits.of(id));
    this.edits.add(id, edit);
    try {
      await this.queues.run(id, () => this.writes.change(id, base, (latest) => over(edit, latest)));
    } catch (error) {
      throw this.refreshAfterFailure(error);
    } finally {
      this.edits.remove(id, edit);
    }
  }

  /**
   * Takes a ticket off the list at once and deletes it six seconds later.
   * @throws ChangeLost at once when the ticket is not there any more.
   */
  remove(id: string, seen?: Ticket): PendingRemoval {
    const base = this.baseOf(id, seen);
    const knew = knownValues(base, this.edits.of(id));
    return this.removals.begin(id, async (leaving) => {
      const assertMay = (latest: Ticket): void => assertUnchanged(knew, latest);
      const sending = (latest: Ticket): void => this.removalLog.record(latest);
      try {
        await this.queues.run(id, () => this.writes.remove(id, base, assertMay, leaving, sending));
        this.removalLog.confirm(id);
      } catch (error) {
        this.removalLog.discard(id);
        throw this.refreshAfterFailure(error);
      }
    });
  }

  /**
   * Sends again what was sent when the page was left and nobody confirmed; a delete that was done is none the second time.
   * @returns the deletes that did not happen; their tickets are shown again.
   */
  async retryUnconfirmedRemovals(): Promise<readonly LoggedRemoval[]> {
    const failed = await retryUnconfirmed(this.api, this.removalLog);
    for (const { id } of failed) this.refreshAfterFailure(this.cache.unmarkDeleted(id));
    return failed;
  }

  /** To be called when the page is left: sends the deletes that wait. */
  sendPendingRemovals(): void {
    this.removals.sendAll();
  }

  private shown(): readonly ShownTicket[] {
    const remembered = Array.from(this.cache.tickets.value.values(), ({ ticket }) => ticket);
    const isLoaded = (ticket: Ticket): boolean => this.listing.isLoaded(ticket);
    const tickets = shownTickets(this.displayInput(remembered, this.filter.value, isLoaded));
    return this.pending.value ? tickets.slice(0, PAGE_SIZE) : tickets;
  }

  private displayInput(
    tickets: readonly Ticket[],
    filter: TicketFilter,
    isLoaded: DisplayInput["isLoaded"],
  ): DisplayInput {
    return {
      ...{ tickets, filter, isLoaded },
      creations: this.creations.all.value,
      keys: this.keys,
      edits: this.edits.all.value,
      removals: this.removals.all.value,
      conflicts: this.conflictWatch.losingVersions.value,
    };
  }

  private baseOf(id: string, seen: Ticket | undefined): Ticket {
    const known = this.cache.ticket(id);
    const now = seen ?? (known && withEdits(known, this.edits.of(id)));
    if (!now) throw new ConcurrentChange(undefined);
    return now;
  }

  /** After a write that failed the list shows soon what is really there. */
  private refreshAfterFailure(error: unknown): unknown {
    void this.refresh();
    return error;
  }
}
