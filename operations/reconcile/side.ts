import type { Image } from "../../functions/shared/image";
import type { ListingAttributes } from "../../functions/tickets/ticket";
import type { ApplyImage } from "./apply-image";

/** Options for one page. */
export interface PageOptions {
  /** Side whose page is compared. */
  readonly own: Side;
  readonly other: Side;
  /** Alias of the region that is scanned first. */
  readonly first: string;
  readonly dryRun: boolean;
  /** Whether to add missing replication attributes and listing attributes. */
  readonly stamp: boolean;
  /** Whether to compare whole items, not only versions; pages then contain whole items. */
  readonly deep: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** Next part of a table to read. */
export interface ScanPosition {
  /** 0 to `segments` - 1. */
  readonly segment: number;
  readonly segments: number;
  /** Id after which to continue; undefined at the beginning. */
  readonly after: string | undefined;
  /** Maximum items to read. */
  readonly limit: number;
}

/** Page of a scan. */
export interface ScannedPage {
  readonly images: readonly Image[];
  /** Id after which the next page begins; undefined at the end of the segment. */
  readonly next: string | undefined;
}

/** Attributes to set on an item without replication attributes. */
export interface Stamp {
  readonly version: string;
  readonly origin: string;
  readonly seen: Readonly<Record<string, string>>;
  /** Undefined for an item that is not a valid ticket. */
  readonly listing: ListingAttributes | undefined;
}

/** Ticket table of one region. Scans and batches return only the attributes of the item state, or whole items if opened so. */
export interface ReconciledTable {
  scan(position: ScanPosition): Promise<ScannedPage>;
  /** Returns the existing items among up to 100 ids, by id. */
  getMany(ids: readonly string[]): Promise<ReadonlyMap<string, Image>>;
  /** Reads a whole item consistently. */
  get(id: string): Promise<Image | undefined>;
  /** Sets replication attributes on an item without a version. @returns whether the item was changed. */
  stamp(id: string, stamp: Stamp): Promise<boolean>;
  /** Sets listing attributes on an item that still has this version. @returns whether the item was changed. */
  list(id: string, version: string, listing: ListingAttributes): Promise<boolean>;
}

/** One of the two compared regions. */
export interface Side {
  /** Region alias. */
  readonly name: string;
  /** AWS region code. */
  readonly code: string;
  readonly table: ReconciledTable;
  /** Applies an item to this table under the apply rule of replication; a dry run only reports the result. */
  readonly apply: ApplyImage;
}
