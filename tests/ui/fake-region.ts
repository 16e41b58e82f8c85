import {
  RegionalApi,
  DEFAULT_FIELDS,
  Conflict,
  RecentConflicts,
  Status,
  Ticket,
  TicketDraft,
  TicketChanges,
} from "../../ui/src/data/api-types";

/** Ticket or, without a subject, tombstone. `over` is the version that the write replaced. */
export type StoredItem = (
  Ticket | { readonly id: string; readonly version: string; readonly subject?: undefined }
) & {
  readonly over?: string;
};

const UNKNOWN_CONFLICT = { field: "resolvedConflict", detail: "Must be the losingVersion of a conflict." };

/** Response of a fake region. */
export interface FakeResponse {
  readonly status: number;
  readonly body?: unknown;
}

/** Request to a fake region. */
export interface FakeRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: unknown;
}

/** Ticket API of one region with an in-memory table, as `openapi.json` describes it. */
export class FakeRegion {
  readonly items = new Map<string, StoredItem>();
  /** Items that the listing returns. They follow the table immediately or, with `lateIndex`, on `updateIndex`. */
  private indexed: StoredItem[] = [];
  lateIndex = false;
  conflicts: RecentConflicts["conflicts"][number][] = [];
  /** Conflicts of single tickets, by id. */
  readonly histories = new Map<string, readonly Conflict[]>();
  /** Whether the region has no conflict of any ticket, as when they have expired. It then refuses to settle one. */
  lacksConflicts = false;
  private last = "";
  /** Whether the region has taken over. */
  takeover = false;
  /** Alias of the primary in the routing state. */
  primary: string | undefined = "ireland";

  constructor(
    readonly api: RegionalApi,
    private readonly now: () => number,
  ) {}

  /** Returns all tickets, newest first. */
  tickets(): Ticket[] {
    return newestFirst([...this.items.values()]);
  }

  /** Copies the table to the index. */
  updateIndex(): void {
    this.indexed = [...this.items.values()];
  }

  /** Writes an item if it is newer than the stored one. */
  put(item: StoredItem): void {
    const known = this.items.get(item.id);
    if (!known || known.version < item.version) this.items.set(item.id, item);
    if (item.version > this.last) this.last = item.version;
    if (!this.lateIndex) this.updateIndex();
  }

  /** Creates a ticket as another client would. */
  create(draft: TicketDraft, id: string): Ticket {
    const time = new Date(this.now()).toISOString();
    const apiFields = { createdBy: "anonymous", createdAt: time, updatedAt: time, origin: this.api.code };
    const ticket: Ticket = {
      ...{ id, ...DEFAULT_FIELDS, ...apiFields },
      ...draft,
      version: this.nextVersion(),
    };
    this.put(ticket);
    return ticket;
  }

  /** Changes a ticket as another client would. */
  change(id: string, changes: TicketChanges): Ticket {
    const item = this.items.get(id) as Ticket;
    const version = this.nextVersion();
    const changed = { ...item, ...changes, version, origin: this.api.code, over: item.version };
    this.put(changed);
    return toTicket(changed);
  }

  /** Deletes a ticket as another client would. */
  remove(id: string): void {
    this.put({ id, version: this.nextVersion() });
  }

  /** Handles a request. */
  handle({ method, url, headers, body }: FakeRequest): FakeResponse {
    const [, collection, id, conflicts] = url.pathname.split("/");
    if (collection === "health") return { status: 200, body: { ok: true } };
    if (collection === "routing") return { status: 200, body: this.routing() };
    if (collection === "conflicts") return { status: 200, body: { conflicts: this.conflicts } };
    if (conflicts) return { status: 200, body: { conflicts: this.histories.get(id) ?? [] } };
    if (method === "POST") return this.post(body as TicketDraft, headers.get("idempotency-key"));
    if (id === undefined) return this.list(url.searchParams);
    const item = this.items.get(id);
    if (method === "GET") return item?.subject ? { status: 200, body: toTicket(item) } : { status: 404 };
    const version = (headers.get("if-match") ?? "").slice(1, -1);
    if (!version) throw new Error(`${method} ${url.pathname} has no If-Match header.`);
    return method === "PATCH" ? this.patch(id, version, body as TicketChanges) : this.delete(id, version);
  }

  private routing(): object {
    return { takeover: this.takeover, region: this.api.code, at: null, primary: this.primary };
  }

  private post(draft: TicketDraft, key: string | null): FakeResponse {
    if (!key) throw new Error("POST has no Idempotency-Key header.");
    if (!draft.subject) {
      const errors = [{ field: "subject", detail: "Must not be empty." }];
      return {
        status: 400,
        body: { title: "Wrong", status: 400, detail: "subject: Must not be empty.", errors },
      };
    }
    const id = key.slice(0, 10) + [...key.slice(10)].reverse().join("");
    const known = this.items.get(id);
    if (known && !known.subject) return { status: 409, body: { detail: "It was deleted." } };
    return { status: 201, body: known ? toTicket(known as Ticket) : this.create(draft, id) };
  }

  private patch(id: string, version: string, changes: TicketChanges): FakeResponse {
    const item = this.items.get(id);
    if (!item?.subject) return { status: 404, body: { detail: "There is no such ticket." } };
    const entries = Object.entries(changes);
    if (entries.length === 0) throw new Error("PATCH has no field; the API returns 400.");
    const isThere = entries.every(([field, value]) => item[field as keyof StoredItem] === value);
    if (item.version !== version && !(isThere && item.over === version)) return { status: 412 };
    if (this.lacksConflicts && changes.resolvedConflict !== undefined && !isThere)
      return { status: 409, body: { detail: "Unknown conflict.", errors: [UNKNOWN_CONFLICT] } };
    return { status: 200, body: isThere ? toTicket(item) : this.change(id, changes) };
  }

  private delete(id: string, version: string): FakeResponse {
    const item = this.items.get(id);
    if (item && !item.subject) return { status: 204 };
    if (item?.version !== version) return { status: 412 };
    this.remove(id);
    return { status: 204 };
  }

  private list(query: URLSearchParams): FakeResponse {
    const [status, assignee, cursor] = ["status", "assignee", "cursor"].map((name) => query.get(name));
    const limit = Number(query.get("limit"));
    const all = newestFirst(this.indexed).filter(
      (ticket) =>
        (status === null || ticket.status === (status as Status)) &&
        (assignee === null || ticket.assignee === assignee) &&
        (cursor === null || `${ticket.createdAt}#${ticket.id}` < cursor),
    );
    const tickets = all.slice(0, limit);
    const last = tickets.at(-1);
    const more = all.length > limit && last && { cursor: `${last.createdAt}#${last.id}` };
    return { status: 200, body: { tickets, ...more } };
  }

  private nextVersion(): string {
    const [milliseconds, counter] = this.last.split("-").map(Number);
    const later = !this.last || this.now() > milliseconds;
    const time = String(later ? this.now() : milliseconds).padStart(15, "0");
    this.last = `${time}-${String(later ? 0 : counter + 1).padStart(6, "0")}-${this.api.code}`;
    return this.last;
  }
}

function newestFirst(items: readonly StoredItem[]): Ticket[] {
  const tickets = items.filter((item): item is Ticket => item.subject !== undefined).map(toTicket);
  return tickets.sort((one, other) => (one.createdAt + one.id < other.createdAt + other.id ? 1 : -1));
}

function toTicket(item: Ticket & { over?: string }): Ticket {
  const ticket = { ...item };
  delete ticket.over;
  return ticket;
}
