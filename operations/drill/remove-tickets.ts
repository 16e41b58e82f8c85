import { setTimeout as delay } from "node:timers/promises";
import { reasonOf } from "../../command-line/command-error";
import { callApi } from "../cli/http-request";
import type { DrillTickets } from "./drill-tickets";
import type { StatesIn, TicketState, DrillRegion, DrillSystem } from "./system";

/** Tickets that could not be removed from a region. */
export interface Remaining {
  readonly region: DrillRegion;
  readonly ids: readonly string[];
  readonly reason: string;
}

/** How tickets are removed. Times are milliseconds. */
export interface RemovalOptions {
  /** How long all of it may take. */
  readonly withinMs?: number;
  /** Between two looks at the tables. */
  readonly lookMs?: number;
  /** How long a tombstone has to arrive in the other region before the ticket is deleted there directly. */
  readonly arrivalMs?: number;
}

/** What one look at a region's table found: the states, or why there are none. */
type Look = ReadonlyMap<string, TicketState> | Error;

const DEFAULTS: Required<RemovalOptions> = { withinMs: 60_000, lookMs: 500, arrivalMs: 5_000 };
/** Tickets deleted at the same time. */
const PARALLEL = 8;
const DELETE_MS = 10_000;
/** Keys of one BatchGetItem. */
const PAGE = 100;

/**
 * Deletes the drill's tickets by their ids, and verifies in both regions' tables that they are gone. A ticket is deleted in a
 * region that responds; its tombstone replicates. Where that does not happen in time, the other region deletes it as well.
 * A ticket whose creation can still be in flight gets its tombstone in advance, which that request cannot overwrite.
 * @returns what could not be removed within the time, by region.
 */
export async function removeTickets(
  { primary, secondary, statesIn }: Pick<DrillSystem, "primary" | "secondary" | "statesIn">,
  tickets: Pick<DrillTickets, "ids" | "isInFlight">,
  options: RemovalOptions = {},
): Promise<readonly Remaining[]> {
  const { withinMs, lookMs, arrivalMs } = { ...DEFAULTS, ...options };
  const end = performance.now() + withinMs;
  const regions = [primary, secondary];
  const deletedAt = new Map<string, number>();
  const reasons = new Map<DrillRegion, string>();
  let left = tickets.ids;
  for (;;) {
    const looks = await Promise.all(regions.map((region) => lookAt(statesIn, region, left)));
    left = left.filter((id) => {
      const states = looks.map((look) => stateIn(look, id));
      if (states.every((state) => state === "deleted")) return false;
      return tickets.isInFlight(id) || !states.every((state) => state === "absent");
    });
    if (left.length === 0) return [];
    const lookedAt = performance.now();
    if (lookedAt >= end) return remainingOf(regions, looks, left, reasons);
    for (const [index, region] of regions.entries()) {
      const due = left.filter((id) => {
        if (stateIn(looks[index], id) === "deleted") return false;
        const since = deletedAt.get(id);
        return since === undefined || lookedAt - since >= arrivalMs;
      });
      const problem = await deleteIn(region, due, (id) => deletedAt.set(id, performance.now()));
      if (problem !== undefined) reasons.set(region, problem);
      else if (looks[index] instanceof Error) reasons.set(region, reasonOf(looks[index]));
    }
    await delay(lookMs);
  }
}

/** The lines that report remaining tickets: their ids, the reason, and the command that deletes them. */
export function remainingLines(remaining: readonly Remaining[]): string[] {
  return remaining.flatMap(({ region, ids, reason }) => [
    `${ids.length === 1 ? "1 ticket" : `${ids.length} tickets`} of this drill could not be deleted in ${region.name} (${reason}): ${ids.join(", ")}.`,
    `  Delete with: curl -X DELETE '${region.api}/tickets/{${ids.join(",")}}'`,
  ]);
}

function remainingOf(
  regions: readonly DrillRegion[],
  looks: readonly Look[],
  left: readonly string[],
  reasons: ReadonlyMap<DrillRegion, string>,
): Remaining[] {
  return regions
    .map((region, index) => ({
      region,
      ids: left.filter((id) => stateIn(looks[index], id) !== "deleted"),
      reason: reasons.get(region) ?? "the deletes have not taken effect yet",
    }))
    .filter(({ ids }) => ids.length > 0);
}

async function lookAt(statesIn: StatesIn, { name }: DrillRegion, ids: readonly string[]): Promise<Look> {
  const states = new Map<string, TicketState>();
  try {
    for (let start = 0; start < ids.length; start += PAGE)
      for (const [id, state] of await statesIn(name, ids.slice(start, start + PAGE))) states.set(id, state);
    return states;
  } catch (error) {
    return error as Error;
  }
}

function stateIn(look: Look, id: string): TicketState | "absent" | "unknown" {
  return look instanceof Error ? "unknown" : (look.get(id) ?? "absent");
}

/** Deletes in one region, until one of the deletes fails: the rest is for the next round. @returns why one failed. */
async function deleteIn(
  { api }: DrillRegion,
  ids: readonly string[],
  onDeleted: (id: string) => void,
): Promise<string | undefined> {
  for (let start = 0; start < ids.length; start += PARALLEL) {
    const deletions = ids.slice(start, start + PARALLEL).map(async (id) => {
      const call = { method: "DELETE", url: `${api}/tickets/${id}`, limitMs: DELETE_MS } as const;
      const answer = await callApi(call).catch((error: Error) => error);
      if (answer instanceof Error) return answer.message;
      if (answer.status !== 204) return `DELETE returned ${answer.status}`;
      onDeleted(id);
      return undefined;
    });
    const problem = (await Promise.all(deletions)).find((failed) => failed !== undefined);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
