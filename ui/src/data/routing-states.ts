import type { RegionalApi } from "./api-types";

/**
 * Interval between two questions of a web UI for the routing states, in milliseconds.
 *
 * It must leave the throttle of `/routing` (200 requests a second, `regional/ticket-api.ts`) to Route 53, whose takeover check counts a 429 as
 * the end of a takeover. The listing, which every web UI reads every 1.5 seconds under a throttle of 500, limits a region to 750 open web UIs;
 * together they send 50 requests a second to `/routing`.
 */
export const ROUTING_INTERVAL_MS = 15_000;

/** Routing state of a region, as its `GET /routing` returns it. */
export interface RoutingReport {
  /** Whether this region has taken over. */
  readonly takeover: boolean;
  /** Alias of the primary; absent while the region does not know it. */
  readonly primary?: string;
}

/** What is known about routing: the last known state of every region. */
export interface RoutingKnowledge {
  readonly primary: RegionalApi;
  /** AWS codes of the regions whose last known state is a takeover. */
  readonly takenOver: ReadonlySet<string>;
}

/** Returns what is known before any region was asked: no takeover. @param primary region that counts as the primary. */
export function initialRouting(primary: RegionalApi): RoutingKnowledge {
  return { primary, takenOver: new Set() };
}

/** Returns the routing state in a response body; undefined when it is not one. */
export function routingReportOf(body: unknown): RoutingReport | undefined {
  const { takeover, primary } = (body ?? {}) as Partial<Record<keyof RoutingReport, unknown>>;
  if (typeof takeover !== "boolean") return undefined;
  return { takeover, ...(typeof primary === "string" && { primary }) };
}

/**
 * Returns what is known after the regions were asked. A region that reported nothing keeps its last known state: a takeover lasts until
 * the region itself reports its end. When the reports name different primaries, which happens for a minute after a swap of the roles,
 * the last known primary stays.
 * @param reports reports in the order of the regions.
 */
export function routingAfter(
  before: RoutingKnowledge,
  apis: readonly RegionalApi[],
  reports: readonly (RoutingReport | undefined)[],
): RoutingKnowledge {
  const takenOver = new Set(before.takenOver);
  const named = new Set<RegionalApi | undefined>();
  for (const [index, report] of reports.entries()) {
    if (report?.takeover === true) takenOver.add(apis[index].code);
    if (report?.takeover === false) takenOver.delete(apis[index].code);
    if (report?.primary !== undefined) named.add(apis.find(({ name }) => name === report.primary));
  }
  const [primary = before.primary, ...others] = named;
  return { primary: others.length === 0 ? primary : before.primary, takenOver };
}

/**
 * Returns the region that serves: one that has taken over from the primary, otherwise the primary. This is the rule of the records of
 * the failover name, which ignore a takeover of the primary too: the item of a former secondary can outlive a swap of the roles.
 */
export function servingRegion(
  { primary, takenOver }: RoutingKnowledge,
  apis: readonly RegionalApi[],
): RegionalApi {
  return apis.find((api) => api !== primary && takenOver.has(api.code)) ?? primary;
}
