import type { UnreadableItem } from "../../../functions/shared/stored-item";
import type { RoutingItem } from "../../../functions/routing/routing-item";
import type { RoutingTable } from "../../../functions/routing/routing-table";

/** A region's routing item in memory, with the rule of its table. */
export class MemoryRouting implements RoutingTable {
  item: RoutingItem | undefined;
  /** Called before every write; may change the item, as somebody else would. */
  beforeWrite: () => void = () => undefined;

  /** What is stored instead of an item that can be read. */
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
