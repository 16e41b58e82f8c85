import { batch, computed, ReadonlySignal } from "@preact/signals";
import {
  Conflict,
  ConflictHistory,
  Ticket,
  TICKET_FIELDS,
  TicketChanges,
  TicketDraft,
  TicketFilter,
} from "./api-types";
import type { Clock } from "./clock";
import { ConflictWatch } from "./conflict-watch";
import { Creations } from "./creations";
import { DraftKeys, KeyStorage } from "./draft-keys";
import { ChangeLost } from "./errors";
import { knownAssignees } from "./known-assignees";
import { PAGE_SIZE } from "./listing";
import { ListingReader } from "./listing-reader";
import { ShownTicket, shownTickets, withEdits } from "./optimistic";
import { OwnEdits } from "./own-edits";
import { assertKnown, editOf, knownBy, rebase } from "./rebase";
import type { RegionalClient } from "./regional-client";
import type { RegionalState } from "./region-standing";
import { PendingRemoval, Removals } from "./removals";
import { TicketApi } from "./ticket-api";
import { TicketMemory } from "./ticket-memory";
import { TicketQueues } from "./ticket-queues";
import { VersionedWrites } from "./versioned-writes";

export type { ShownTicket } from "./optimistic";
export type { PendingRemoval } from "./removals";

/** What a store works with. */
export interface TicketStoreOptions {
  readonly client: Pick<RegionalClient, "send" | "state">;
  readonly clock: Clock;
  /** Where the keys of unfinished creations outlive a reload. */
  readonly storage: KeyStorage;
}

/** The conflicts are asked for no oftener, in milliseconds. */
const CONFLICTS_PAUSE = 4_000;

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

  private readonly api: TicketApi;
  private readonly memory: TicketMemory;
  private readonly listing: ListingReader;
  private readonly conflictWatch: ConflictWatch;
  private readonly creations: Creations;
  private readonly removals: Removals;
  private readonly writes: VersionedWrites;
  private readonly queues = new TicketQueues();
  private readonly edits = new OwnEdits();
  /** The keys of tickets that were created here, by id. */
  private readonly keys = new Map<string, string>();
  private conflictsAsked = -Infinity;

  constructor(private readonly options: TicketStoreOptions) {
    const { client, clock, storage } = options;
    this.memory = new TicketMemory(clock);
    this.api = new TicketApi(client, (id) => this.memory.known(id));
    this.listing = new ListingReader(this.api, this.memory);
    this.conflictWatch = new ConflictWatch(this.api);
    this.creations = new Creations(this.api, new DraftKeys(storage, clock), clock);
    this.removals = new Removals(clock);
    this.writes = new VersionedWrites(this.api, this.memory, clock);

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

  /** Shows one page more. */
  async loadMore(): Promise<void> {
    await this.listing.loadMore();
  }

  /** Reads again what is shown. Done every few seconds by itself while the page is visible. */
  async refresh(): Promise<void> {
    const { clock } = this.options;
    const conflictsDue = clock.now() - this.conflictsAsked >= CONFLICTS_PAUSE;
    if (conflictsDue) this.conflictsAsked = clock.now();
    await Promise.all([this.listing.refresh(), conflictsDue && this.conflictWatch.refresh()]);
  }

  /**
   * Creates a ticket. The same draft again, after an error that leaves open whether it was saved (and also after a reload of
   * the page), or while it is still on its way, never makes a second ticket.
   */
  async create(draft: TicketDraft): Promise<Ticket> {
    const { key, created } = this.creations.begin(draft);
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
    const base = this.seenNow(id, seen);
    const edit = editOf(changes, base, this.edits.of(id));
    this.edits.add(id, edit);
    try {
      await this.queues.run(id, () => this.writes.change(id, base, (latest) => rebase(edit, latest)));
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
      try {
        await this.queues.run(id, () => this.writes.remove(id, base, assertMay, leaving));
      } catch (error) {
        throw this.failed(error);
      }
    });
  }

  /** The conflicts of a ticket, newest losing write first. Throws ApiProblem and NoRegionAnswers. */
  async conflicts(id: string): Promise<ConflictHistory> {
    return this.api.conflicts(id);
  }

  /**
   * Settles a conflict, and with it all older ones of the ticket: keeps the ticket as it is, or gives it what the losing write
   * said (which deletes the ticket when that write was a delete).
   * @param seen the ticket as the user compared it; as it is shown now by default.
   */
  async settle(id: string, conflict: Conflict, keep: "current" | "losing", seen?: Ticket): Promise<void> {
    const { losing, losingVersion: resolvedConflict } = conflict;
    if (keep === "current") return this.change(id, { resolvedConflict }, seen);
    if ("deleted" in losing) {
      const removal = this.remove(id, seen);
      removal.commit();
      await removal.done;
      return;
    }
    const base = this.seenNow(id, seen);
    const differing = TICKET_FIELDS.filter((field) => losing[field] !== base[field]);
    const fields = Object.fromEntries(differing.map((field) => [field, losing[field]]));
    await this.change(id, { ...fields, resolvedConflict }, base);
  }

  /** To be called when the page is left: sends the deletes that could still be taken back. They have left when this returns. */
  leave(): void {
    this.removals.leave();
  }

  private shown(): readonly ShownTicket[] {
    const remembered = this.memory.tickets.value;
    const tickets = shownTickets({
      tickets: Array.from(remembered.values(), ({ ticket }) => ticket),
      filter: this.filter.value,
      inReach: (ticket) => this.listing.inReach(ticket),
      creations: this.creations.all.value,
      keys: this.keys,
      edits: this.edits.all.value,
      removals: this.removals.all.value,
      conflicts: this.conflictWatch.losingVersions.value,
    });
    return this.pending.value ? tickets.slice(0, PAGE_SIZE) : tickets;
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
