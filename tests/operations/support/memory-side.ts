import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Image } from "../../../functions/shared/image";
import type {
  ReconciledTable,
  ScanPosition,
  ScannedPage,
  Side,
  Stamp,
} from "../../../operations/reconcile/side";
import type { ApplyResult } from "../../../functions/replication/apply";
import type { ListingAttributes } from "../../../functions/tickets/ticket";
import { toImage } from "../../../testing/attribute-values";

/** In-memory side of a reconcile run that counts its writes. */
export class MemorySide implements Side, ReconciledTable {
  readonly items = new Map<string, Image>();
  writes = 0;
  /** Called before every read of a page. */
  beforeScan: (position: ScanPosition) => void = () => undefined;
  /** Called before an item is read again. */
  beforeGet: (id: string) => void = () => undefined;
  /** Called before an item is written; may throw. */
  beforeApply: (image: Image) => void = () => undefined;

  constructor(
    readonly name: string,
    readonly code: string,
    items: readonly object[] = [],
  ) {
    for (const item of items) this.put(item);
  }

  get table(): ReconciledTable {
    return this;
  }

  put(item: object): void {
    const image = toImage(item) as Image;
    this.items.set(image.id.S as string, image);
  }

  /** All items, by id. */
  content(): Record<string, Image> {
    return Object.fromEntries([...this.items].sort(([left], [right]) => (left < right ? -1 : 1)));
  }

  async scan(position: ScanPosition): Promise<ScannedPage> {
    this.beforeScan(position);
    const { segment, segments, after, limit } = position;
    const ids = [...this.items.keys()].sort().filter((id) => segmentOf(id, segments) === segment);
    const rest = ids.filter((id) => after === undefined || id > after);
    const page = rest.slice(0, limit);
    const next = rest.length > limit ? page[page.length - 1] : undefined;
    return { images: page.map((id) => this.items.get(id) as Image), next };
  }

  async getMany(ids: readonly string[]): Promise<ReadonlyMap<string, Image>> {
    return new Map([...this.items].filter(([id]) => ids.includes(id)));
  }

  async get(id: string): Promise<Image | undefined> {
    this.beforeGet(id);
    return this.items.get(id);
  }

  async list(id: string, version: string, listing: ListingAttributes): Promise<boolean> {
    const image = this.items.get(id);
    if (image?.version?.S !== version) return false;
    this.writes++;
    this.items.set(id, { ...image, ...(toImage(listing) as Image) });
    return true;
  }

  async stamp(id: string, { version, origin, seen, listing }: Stamp): Promise<boolean> {
    const image = this.items.get(id);
    if (!image || image.version) return false;
    this.writes++;
    this.items.set(id, { ...image, ...(toImage({ version, origin, seen, ...listing }) as Image) });
    return true;
  }

  /** Simplified apply rule: the newer version wins, and a write that has not seen the version it replaces is a conflict. */
  readonly apply = async (image: Image): Promise<ApplyResult> => {
    this.beforeApply(image);
    const id = image.id.S as string;
    const current = this.items.get(id);
    if (current && textOf(current.version) >= textOf(image.version))
      return { result: "stale", conflict: false };
    this.writes++;
    this.items.set(id, image);
    const known = image.seen?.M?.[textOf(current?.origin)]?.S ?? "";
    const conflict =
      current !== undefined && current.origin.S !== image.origin.S && known < textOf(current.version);
    return { result: "applied", conflict };
  };
}

function textOf(value: AttributeValue | undefined): string {
  return value?.S ?? "";
}

function segmentOf(id: string, segments: number): number {
  return [...id].reduce((sum, character) => sum + character.charCodeAt(0), 0) % segments;
}
