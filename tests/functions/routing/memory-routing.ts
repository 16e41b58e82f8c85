import type { RoutingItem } from "../../../functions/routing/routing-item";
import type { RoutingTable } from "../../../functions/routing/routing-table";

/** A region's routing item in memory, with the rule of its table. */
export class MemoryRouting implements RoutingTable {
  item: RoutingItem | undefined;
  /** Called before every write; may change the item, as somebody else would. */
  beforeWrite: () => void = () => undefined;

  async read(): Promise<RoutingItem | undefined> {
    return this.item;
  }

  async write(item: RoutingItem): Promise<boolean> {
    this.beforeWrite();
    if (this.item && this.item.revision !== item.revision - 1) return false;
    this.item = item;
    return true;
  }
}
