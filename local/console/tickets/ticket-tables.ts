import { forEachBounded } from "../../../functions/shared/for-each-bounded";
import type { Image } from "../../../functions/shared/image";
import { parseVersion } from "../../../functions/replication/version";
import { RouteError } from "../http/route";
import { type Comparison, compareItems, differingAttributes, isDeleted, type RegionItem } from "./comparison";
import { type ExplainedAttribute, explainAttributes } from "./explanation";
import type { RegionItems } from "./region-items";

/** Item of a region in a row. */
interface ShownItem {
  /** Region alias. */
  readonly region: string;
  readonly state: "ticket" | "tombstone" | "missing" | "unknown";
  readonly subject: string | undefined;
  readonly status: string | undefined;
  readonly version: string | undefined;
  /** Time of the write, in milliseconds since 1970; undefined without a valid version. */
  readonly writtenAt: number | undefined;
  /** Alias of the region that wrote it; the stored text if it is another. */
  readonly origin: string | undefined;
}

/** Ticket in both regions. */
interface ShownTicket {
  readonly id: string;
  readonly comparison: Comparison;
  /** In the order of the regions. */
  readonly items: readonly ShownItem[];
}

/** Page of tickets as `GET /tickets` returns it. */
export interface TicketPage {
  readonly tickets: readonly ShownTicket[];
  /** Value of the query parameter `after` for the next page; undefined at the end. */
  readonly next: string | undefined;
  /** Aliases of the regions in the order of the items. */
  readonly regions: readonly string[];
}

/** Ticket with all details, as `GET /tickets/{id}` returns it. */
export interface TicketDetail {
  readonly id: string;
  readonly comparison: Comparison;
  /** Names of the attributes that differ; empty unless both regions have an item. */
  readonly differences: readonly string[];
  readonly items: readonly {
    readonly region: string;
    readonly state: ShownItem["state"];
    /** Item in DynamoDB's typed form, with binary values in base64; undefined if there is none. */
    readonly json: unknown;
    readonly attributes: readonly ExplainedAttribute[];
  }[];
}

/** Position of a region's scan: the id after which it continues, "" at the beginning, null at the end. */
type ScanPosition = string | null;

const MAXIMUM_SUBJECT = 120;

/** The ticket tables of both regions, aligned by id. A region that does not respond is shown as unknown. */
export class TicketTables {
  /** @param now milliseconds since 1970. */
  constructor(
    private readonly regions: readonly RegionItems[],
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * Returns tickets, newest first, by the listing index of both regions. A page costs the same for every size of the tables.
   * @param after `next` of the previous page; undefined for the newest tickets.
   */
  async newest(after: string | undefined, limit: number): Promise<TicketPage> {
    const listed = await this.ask((region) => region.newest(after, limit + 1));
    const sortKeys = new Map<string, string>();
    for (const { id, sortKey } of listed.flatMap((entries) => entries ?? []))
      if ((sortKeys.get(id) ?? "") < sortKey) sortKeys.set(id, sortKey);
    const newestFirst = [...sortKeys].sort(([, left], [, right]) => (left < right ? 1 : -1));
    const page = newestFirst.slice(0, limit);
    const next = newestFirst.length > limit ? page.at(-1)?.[1] : undefined;
    return this.page(
      page.map(([id]) => id),
      next,
    );
  }

  /**
   * Returns tombstones. They are in no index, so each page scans a bounded part of both tables, and can be empty and have a `next`.
   * @param after `next` of the previous page; undefined for the beginning.
   * @throws RouteError 400 for any other text.
   */
  async deleted(after: string | undefined, limit: number): Promise<TicketPage> {
    const positions = after === undefined ? this.regions.map(() => "") : this.scanPositions(after);
    const scanned = await this.ask(async (region, index) => {
      const position = positions[index];
      return position === null ? { ids: [], next: undefined } : region.deleted(position || undefined, limit);
    });
    const ids = [...new Set(scanned.flatMap((part) => part?.ids ?? []))];
    const next = scanned.map((part, index): ScanPosition => (part ? (part.next ?? null) : positions[index]));
    const isAtEnd = scanned.every((part) => part?.next === undefined);
    const page = await this.page(ids, isAtEnd ? undefined : JSON.stringify(next));
    const newestVersion = ({ items }: ShownTicket): string =>
      items
        .map(({ version = "" }) => version)
        .sort()
        .at(-1) ?? "";
    const tickets = [...page.tickets].sort((left, right) =>
      newestVersion(left) < newestVersion(right) ? 1 : -1,
    );
    return { ...page, tickets };
  }

  /** Returns one ticket with all details. */
  async detail(id: string): Promise<TicketDetail> {
    const items = (await this.items([id])).get(id) as readonly [RegionItem, RegionItem];
    const [left, right] = items.map(({ image }) => image);
    return {
      id,
      comparison: compareItems(...items),
      differences: left && right ? differingAttributes(left, right) : [],
      items: items.map((item) => ({
        region: item.name,
        state: stateOf(item),
        json: item.image && plainJson(item.image),
        attributes: item.image ? explainAttributes(item.image, item, this.regions, this.now()) : [],
      })),
    };
  }

  private scanPositions(after: string): ScanPosition[] {
    try {
      const positions = JSON.parse(after) as unknown;
      const isPosition = (value: unknown): value is ScanPosition =>
        value === null || typeof value === "string";
      if (Array.isArray(positions) && positions.length === this.regions.length && positions.every(isPosition))
        return positions;
    } catch {
      // Not JSON; reported below like every other text.
    }
    throw new RouteError(400, "after must be the next of a previous page.");
  }

  private async page(ids: readonly string[], next: string | undefined): Promise<TicketPage> {
    const items = await this.items(ids);
    const tickets = ids.map((id) => {
      const ofTicket = items.get(id) as readonly [RegionItem, RegionItem];
      return { id, comparison: compareItems(...ofTicket), items: ofTicket.map((item) => this.shown(item)) };
    });
    return { tickets, next, regions: this.regions.map(({ name }) => name) };
  }

  private shown(item: RegionItem): ShownItem {
    const { name, image = {} } = item;
    const [version, origin] = [image.version?.S, image.origin?.S];
    return {
      region: name,
      state: stateOf(item),
      subject: image.subject?.S?.slice(0, MAXIMUM_SUBJECT),
      status: image.status?.S,
      version,
      writtenAt: parseVersion(version)?.milliseconds,
      origin: this.regions.find(({ code }) => code === origin)?.name ?? origin,
    };
  }

  /** Returns the items of both regions by id. */
  private async items(ids: readonly string[]): Promise<ReadonlyMap<string, readonly RegionItem[]>> {
    const found = await this.ask((region) => region.get(ids));
    return new Map(
      ids.map((id) => [
        id,
        this.regions.map(({ name, code }, index) => {
          const images = found[index];
          return { name, code, image: images?.get(id), isKnown: images !== undefined };
        }),
      ]),
    );
  }

  /** Returns the results of all regions; undefined for a region that does not respond. */
  private async ask<T>(
    question: (region: RegionItems, index: number) => Promise<T>,
  ): Promise<readonly (T | undefined)[]> {
    const results: (T | undefined)[] = this.regions.map(() => undefined);
    await forEachBounded([...this.regions.entries()], this.regions.length, async ([index, region]) => {
      results[index] = await question(region, index).catch(() => undefined);
    });
    return results;
  }
}

function stateOf(item: RegionItem): ShownItem["state"] {
  if (!item.isKnown) return "unknown";
  if (!item.image) return "missing";
  return isDeleted(item) ? "tombstone" : "ticket";
}

function plainJson(image: Image): unknown {
  return JSON.parse(
    JSON.stringify(image, (_, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value,
    ),
  ) as unknown;
}
