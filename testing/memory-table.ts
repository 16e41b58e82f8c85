import type { FoundTickets, TicketFilter, TicketLists } from "../functions/tickets/lists";
import type { TicketTable } from "../functions/tickets/table";
import { isLive, StoredTicket, TicketItem } from "../functions/tickets/ticket";

/** Change of one item; `after` is undefined if it was removed. */
export interface TableChange {
  readonly before: StoredTicket | undefined;
  readonly after: StoredTicket | undefined;
}

/**
 * Ticket table in memory with the guarantees of DynamoDB: conditional puts, consistent reads, sparse indexes. Every call is
 * asynchronous, so concurrent operations interleave.
 */
export class MemoryTable implements TicketTable, TicketLists {
  readonly items = new Map<string, StoredTicket>();
  /** Number of puts, including those that lost a race. */
  puts = 0;
  /** Called before the condition of a put is evaluated, so that another writer can come first. */
  beforePut: (item: StoredTicket) => Promise<void> = async () => undefined;
  /** Called for every change, in the order of a stream. */
  onChange: (change: TableChange) => void = () => undefined;

  /** Creates a table with items that are not in its stream. */
  constructor(items: readonly StoredTicket[] = []) {
    for (const item of items) this.items.set(item.id, item);
  }

  async get(id: string): Promise<StoredTicket | undefined> {
    return structuredClone(this.items.get(id));
  }

  async put(
    item: StoredTicket,
    read: Pick<StoredTicket, "version"> | undefined,
  ): Promise<boolean | undefined> {
    this.puts++;
    await this.beforePut(item);
    if (this.items.get(item.id)?.version !== read?.version) return false;
    this.write(item);
    return true;
  }

  async newest(
    { statuses, assignee }: TicketFilter,
    before: string | undefined,
    limit: number,
  ): Promise<FoundTickets> {
    const isWanted = (item: TicketItem): boolean =>
      statuses.includes(item.status) && (assignee === undefined || item.assignee === assignee);
    const items = [...this.items.values()]
      .filter(isLive)
      .filter((item) => isWanted(item) && (before === undefined || item.listSortKey < before))
      .sort((left, right) => (left.listSortKey < right.listSortKey ? 1 : -1))
      .slice(0, limit);
    return { items };
  }

  /** Stores an item without a condition. */
  write(item: StoredTicket): void {
    const before = this.items.get(item.id);
    const after = structuredClone(item);
    this.items.set(item.id, after);
    this.onChange({ before, after });
  }

  /** Removes an item, as TTL does. */
  remove(id: string): void {
    const before = this.items.get(id);
    if (!this.items.delete(id)) return;
    this.onChange({ before, after: undefined });
  }
}
