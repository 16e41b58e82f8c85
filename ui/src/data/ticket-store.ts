import { batch, computed, ReadonlySignal } from "@preact/signals";
import { Ticket, TicketChanges, TicketDraft, TicketFilter } from "./api-types";
import type { Clock, TabStorage } from "./browser";
import { ConflictResolver, ConflictWatch } from "./conflicts";
import { Creations } from "./creations";
import { createEdit, Edit, knownValues, PendingEdits, rebase, rebaseUnchanged } from "./edits";
import { ConcurrentChange } from "./errors";
import { normalized, withDerivedStatus } from "./field-normalization";
import { PAGE_SIZE } from "./listing";
import { ListingReader } from "./listing-reader";
import type { RegionalClient } from "./regional-client";
import type { RegionalState } from "./regional-state";
import { RemovalLog } from "./removal-log";
import { RemovalSender } from "./removal-sender";
import { PendingRemoval, PendingRemovals } from "./removals";
import { DisplayInput, ShownTicket, shownTickets, withEdits } from "./shown-tickets";
import { TicketApi } from "./ticket-api";
import { knownAssignees, TicketCache } from "./ticket-cache";
import { VersionedWrites } from "./versioned-writes";

export type { ShownTicket } from "./shown-tickets";
export type { PendingRemoval } from "./removals";
export type { ConflictComparison, Resolution } from "./conflicts";

/** Collaborators of a store. */
export interface TicketStoreOptions {
  readonly client: Pick<RegionalClient, "send" | "state">;
  readonly clock: Clock;
  /** Storage of the idempotency keys and the removal log. */
  readonly storage: TabStorage;
}

/**
 * Tickets as the web UI shows them. Signals hold the state; methods perform the actions of the user.
 *
 * Methods that write show the change immediately. When the write fails, they roll it back and throw one of these errors, which
 * `writeErrorText` (messages.ts) describes for the user:
 * - ApiProblem: the API rejected the request; `problem.errors` names the fields.
 * - ConcurrentChange: another user changed the same fields, or deleted the ticket.
 * - NoRegionResponds: no region responded. If `uncertain` is true, the write may have been applied.
 * - RegionBehind: the only region that responds does not have the newest version of the ticket yet.
 *
 * Methods that refresh do not throw: the error is in `problem`, or in `region.offline` when no region responds.
 */
export class TicketStore {
  /** Loaded tickets that match the filter, newest first. */
  readonly tickets: ReadonlySignal<readonly ShownTicket[]>;
  readonly filter: ReadonlySignal<TicketFilter>;
  /** Whether no response for the filter has arrived yet. Cached tickets that match are shown until then. */
  readonly pending: ReadonlySignal<boolean>;
  /** Whether `loadMore` can load more tickets. */
  readonly hasMore: ReadonlySignal<boolean>;
  /** Reason why the tickets could not be read. Undefined when no region responds: see `region`. */
  readonly problem: ReadonlySignal<string | undefined>;
  /** State of the regions. */
  readonly region: ReadonlySignal<RegionalState>;
  /** All assignees seen since the web UI was opened, sorted; for suggestions. */
  readonly assignees: ReadonlySignal<readonly string[]>;

  /** Conflicts between writes of the regions. */
  readonly conflicts: ConflictResolver;

  private readonly api: TicketApi;
  private readonly cache: TicketCache;
  private readonly listing: ListingReader;
  private readonly conflictWatch: ConflictWatch;
  private readonly creations: Creations;
  private readonly removals: PendingRemovals;
  private readonly removalSender: RemovalSender;
  private readonly writes: VersionedWrites;
  private readonly edits = new PendingEdits();
  /** Keys of tickets that were created here, by id. */
  private readonly keys = new Map<string, string>();

  constructor({ client, clock, storage }: TicketStoreOptions) {
    this.cache = new TicketCache(clock);
    this.api = new TicketApi(client, (id) => this.cache.knownVersions(id));
    this.listing = new ListingReader(this.api, this.cache);
    this.conflictWatch = new ConflictWatch(this.api, clock);
    this.creations = new Creations(this.api, storage, clock);
    this.removals = new PendingRemovals(clock);
    this.writes = new VersionedWrites(this.api, this.cache, clock);
    this.removalSender = new RemovalSender(this.writes, this.cache, new RemovalLog(storage, clock));

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

  /** Sets the filter and shows its first page. */
  readonly setFilter = (filter: TicketFilter): Promise<void> => this.listing.setFilter(filter);

  /** Returns a ticket as it is shown, also when it is not listed; undefined when it is unknown or being deleted. */
  find(id: string): ShownTicket | undefined {
    const known = this.cache.tickets.value.get(id)?.ticket;
    const showing = this.displayInput(known ? [known] : [], {}, () => true);
    return shownTickets(showing).find((shown) => shown.id === id && shown.version !== "");
  }

  /**
   * Reads a ticket from the table of a region. Unlike the listing, this read is strongly consistent.
   * @param version oldest acceptable version; any by default.
   * @returns undefined when the ticket does not exist.
   * @throws ApiProblem, NoRegionResponds, and RegionBehind when a region that does not respond may have the ticket.
   */
  async read(id: string, version = ""): Promise<Ticket | undefined> {
    const { value, region } = await this.api.read(id, version);
    return value && this.cache.add(value, region);
  }

  /** Loads one more page. */
  readonly loadMore = (): Promise<void> => this.listing.loadMore();

  /** Reads the shown tickets again. The web UI does so every few seconds while it is visible. */
  async refresh(): Promise<void> {
    await Promise.all([this.listing.refresh(), this.conflictWatch.refresh()]);
  }

  /**
   * Creates a ticket. An equal draft never creates a second ticket while the first creation is in flight, or after an error that
   * leaves its result unknown, even after a reload.
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
   * Changes fields of a ticket. Keeps concurrent changes of other fields by other users.
   * @param seen ticket as the user saw it when the edit began; by default the ticket as shown now.
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
    // The API rejects an edit without a field.
    if (Object.keys(edit.changes).length === 0) return;
    this.edits.add(id, edit);
    try {
      await this.writes.change(id, base, (latest) => over(edit, latest));
    } catch (error) {
      throw this.refreshAfterFailure(error);
    } finally {
      this.edits.remove(id, edit);
    }
  }

  /**
   * Removes a ticket from the list immediately and deletes it six seconds later.
   * @throws ConcurrentChange immediately when the ticket no longer exists.
   */
  remove(id: string, seen?: Ticket): PendingRemoval {
    const base = this.baseOf(id, seen);
    const known = knownValues(base, this.edits.of(id));
    return this.removals.begin(id, (isUnloading) =>
      this.removalSender.send({ ticket: base, known }, isUnloading).catch((error: unknown) => {
        throw this.refreshAfterFailure(error);
      }),
    );
  }

  /**
   * Sends the deletes again that no region confirmed before the user left the web UI.
   * @returns the tickets whose delete failed. They are shown again.
   */
  async retryUnconfirmedRemovals(): Promise<readonly Ticket[]> {
    const failed = await this.removalSender.retryUnconfirmed();
    if (failed.length > 0) void this.refresh();
    return failed;
  }

  /** Sends all waiting deletes because the user is leaving the web UI. */
  readonly sendPendingRemovals = (): void => this.removals.sendAll();

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

  /** Refreshes the list after a failed write. Returns the error. */
  private refreshAfterFailure(error: unknown): unknown {
    void this.refresh();
    return error;
  }
}
