import type { Image } from "../../functions/shared/image";
import type { ListingAttributes } from "../../functions/tickets/ticket";
import type { ApplyImage } from "./apply";

/** How a page is reconciled. */
export interface PageOptions {
  /** The side whose page it is. */
  readonly own: Side;
  readonly other: Side;
  /** The nickname of the side that is scanned first. */
  readonly first: string;
  readonly dryRun: boolean;
  /** Whether items without replication attributes are given some, and tickets without listing attributes those. */
  readonly stamp: boolean;
  /** Whether pages hold whole items, and items of the same version are compared whole. */
  readonly deep: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** Which part of a table is read next. */
export interface ScanPosition {
  /** 0 to `segments` - 1. */
  readonly segment: number;
  readonly segments: number;
  /** The id after which to go on; undefined at the beginning. */
  readonly after: string | undefined;
  /** The most items to read. */
  readonly limit: number;
}

/** A page of a scan. */
export interface ScannedPage {
  readonly images: readonly Image[];
  /** The id after which the next page begins; undefined at the end of the segment. */
  readonly next: string | undefined;
}

/** What is set on an item that has no replication attributes yet. */
export interface Stamp {
  readonly version: string;
  readonly origin: string;
  readonly seen: Readonly<Record<string, string>>;
  /** Undefined for an item that does not look like a ticket. */
  readonly listing: ListingAttributes | undefined;
}

/** A table as the reconciliation reads it. Scans and batches give the attributes of its state alone unless made to give whole items. */
export interface ReconciledTable {
  scan(position: ScanPosition): Promise<ScannedPage>;
  /** Those of up to 100 items that there are, by id. */
  getMany(ids: readonly string[]): Promise<ReadonlyMap<string, Image>>;
  /** The whole item, read consistently. */
  get(id: string): Promise<Image | undefined>;
  /** Sets replication attributes on an item that still has none. @returns whether it did. */
  stamp(id: string, stamp: Stamp): Promise<boolean>;
  /** Sets listing attributes on an item that still has a version. @returns whether it did. */
  list(id: string, version: string, listing: ListingAttributes): Promise<boolean>;
}

/** A region's side of the reconciliation. */
export interface Side {
  /** Nickname. */
  readonly name: string;
  /** AWS code. */
  readonly code: string;
  readonly table: ReconciledTable;
  /** Brings an item to this side's table by the rule of replication; in a dry run it only says what that would do. */
  readonly apply: ApplyImage;
}
