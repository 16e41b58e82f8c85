import type { UnreadableItem } from "../../../functions/shared/stored-item";
import type { RoutingItem } from "../../../functions/routing/routing-item";
import type { RoutingTable } from "../../../functions/routing/routing-table";

/** Routing item of a region in memory, with the conditions of the real table. */
export class MemoryRouting implements RoutingTable {
  item: RoutingItem | undefined;
  /** Called before every write, to simulate a change by another writer. */
  beforeWrite: () => void = () => undefined;

  /** Malformed item that is stored instead of a routing item. */
  unreadable: UnreadableItem | undefined;

  async replace(item: RoutingItem, unreadable: UnreadableItem): Promise<boolean> {
    this.beforeWrite();
    if (this.unreadable !== unreadable) return false;
    this.unreadable = undefined;
    this.item = item;
    return true;
  }

  async read(): Promise<RoutingItem | undefined> {
    if (this.unreadable) throw this.unreadable;
    return this.item;
  }

  async write(item: RoutingItem): Promise<boolean> {
    this.beforeWrite();
    if (this.item && this.item.revision !== item.revision - 1) return false;
    this.item = item;
    return true;
  }
}
