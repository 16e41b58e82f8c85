import { setTimeout as delay } from "node:timers/promises";
import { reasonOf } from "../../../command-line/command-error";
import { callApi } from "../../cli/http-request";
import type { DrillTickets } from "../clients/drill-tickets";
import type { DrillRegion, DrillSystem, StatesIn, TicketState } from "../systems/drill-system";
import { hasTakenOver } from "./observer";

/** State of a drill at its end. */
interface CleanUpOptions {
  /** Aliases of the regions that are still broken. */
  readonly broken: Set<string>;
  readonly tickets: DrillTickets;
  /** Whether the drill was completed; otherwise it failed or was stopped. */
  readonly completed: boolean;
  /** Whether the system outlives the drill. */
  readonly keepsData: boolean;
  readonly print: (line: string) => void;
}

/** Tickets that could not be removed from a region. */
export interface Remaining {
  readonly region: DrillRegion;
  readonly ids: readonly string[];
  readonly reason: string;
}

/** Times of a removal, in milliseconds. */
interface RemovalOptions {
  /** Time limit. */
  readonly withinMs?: number;
  /** Pause between two reads of the tables. */
  readonly pollMs?: number;
  /** Time for a tombstone to replicate before the ticket is deleted in the other region directly. */
  readonly arrivalMs?: number;
}

/** States of tickets in a region's table, or the error of the read. */
type ReadResult = ReadonlyMap<string, TicketState> | Error;

const DEFAULTS: Required<RemovalOptions> = { withinMs: 60_000, pollMs: 500, arrivalMs: 5_000 };
/** Tickets deleted in parallel. */
const PARALLEL = 8;
const DELETE_MS = 10_000;
/** Keys of one BatchGetItem request. */
const PAGE = 100;

/** Repairs the system and deletes the drill's tickets. Prints what failed. A takeover remains: its gates are the operator's decision. */
export async function cleanUp(system: DrillSystem, options: CleanUpOptions): Promise<void> {
  const { broken, tickets, completed, keepsData, print } = options;
  if (broken.size > 0 && keepsData)
    print(`Repairing ${[...broken].join(" and ")}. A second Ctrl-C stops the repair.`);
  await repairAll(system, broken).catch((error: Error) =>
    print(`The repair is incomplete. ${error.message}`),
  );
  if (!keepsData || tickets.ids.length === 0) return;
  if (!completed && (await hasTakenOver(system)))
    print(`${system.secondary.name} has taken over. To return service: npm run failback.`);
  if (!completed)
    print(`Deleting the drill's tickets. A second Ctrl-C keeps them. Their subject is "${tickets.subject}".`);
  for (const line of remainingLines(await removeTickets(system, tickets))) print(line);
}

/**
 * Repairs every region that the drill has broken, and no other.
 * @throws Error with the reason for each region that could not be repaired.
 */
export async function repairAll(system: Pick<DrillSystem, "setState">, broken: Set<string>): Promise<void> {
  const failures: string[] = [];
  for (const name of [...broken])
    try {
      await system.setState(name, "up");
      broken.delete(name);
    } catch (error) {
      failures.push(`${name} is still broken: ${(error as Error).message}`);
    }
  if (failures.length > 0) throw new Error(failures.join(" "));
}

/**
 * Deletes the drill's tickets by their ids, and verifies in both regions' tables that they are gone. A ticket is deleted in a
 * region that responds; its tombstone replicates. Where that does not happen in time, the other region deletes it as well.
 * A ticket whose creation can still be in flight gets its tombstone in advance, which that request cannot overwrite.
 * @returns what could not be removed within the time limit, by region.
 */
export async function removeTickets(
  { primary, secondary, statesIn }: Pick<DrillSystem, "primary" | "secondary" | "statesIn">,
  tickets: Pick<DrillTickets, "ids" | "isInFlight">,
  options: RemovalOptions = {},
): Promise<readonly Remaining[]> {
  const { withinMs, pollMs, arrivalMs } = { ...DEFAULTS, ...options };
  const end = performance.now() + withinMs;
  const regions = [primary, secondary];
  const deletedAt = new Map<string, number>();
  const reasons = new Map<DrillRegion, string>();
  let left = tickets.ids;
  for (;;) {
    const reads = await Promise.all(regions.map((region) => readStates(statesIn, region, left)));
    left = left.filter((id) => {
      const states = reads.map((read) => stateIn(read, id));
      if (states.every((state) => state === "deleted")) return false;
      return tickets.isInFlight(id) || !states.every((state) => state === "absent");
    });
    if (left.length === 0) return [];
    const readAt = performance.now();
    if (readAt >= end) return remainingOf(regions, reads, left, reasons);
    for (const [index, region] of regions.entries()) {
      const due = left.filter((id) => {
        if (stateIn(reads[index], id) === "deleted") return false;
        const since = deletedAt.get(id);
        return since === undefined || readAt - since >= arrivalMs;
      });
      const problem = await deleteIn(region, due, (id) => deletedAt.set(id, performance.now()));
      if (problem !== undefined) reasons.set(region, problem);
      else if (reads[index] instanceof Error) reasons.set(region, reasonOf(reads[index]));
    }
    await delay(pollMs);
  }
}

/** Lines that report remaining tickets: their ids, the reason, and the command that deletes them. */
export function remainingLines(remaining: readonly Remaining[]): string[] {
  return remaining.flatMap(({ region, ids, reason }) => [
    `${ids.length === 1 ? "1 ticket" : `${ids.length} tickets`} of this drill could not be deleted in ${region.name} (${reason}): ${ids.join(", ")}.`,
    `  Delete with: curl -X DELETE '${region.api}/tickets/{${ids.join(",")}}'`,
  ]);
}

function remainingOf(
  regions: readonly DrillRegion[],
  reads: readonly ReadResult[],
  left: readonly string[],
  reasons: ReadonlyMap<DrillRegion, string>,
): Remaining[] {
  return regions
    .map((region, index) => ({
      region,
      ids: left.filter((id) => stateIn(reads[index], id) !== "deleted"),
      reason: reasons.get(region) ?? "the deletes have not taken effect yet",
    }))
    .filter(({ ids }) => ids.length > 0);
}

async function readStates(
  statesIn: StatesIn,
  { name }: DrillRegion,
  ids: readonly string[],
): Promise<ReadResult> {
  const states = new Map<string, TicketState>();
  try {
    for (let start = 0; start < ids.length; start += PAGE)
      for (const [id, state] of await statesIn(name, ids.slice(start, start + PAGE))) states.set(id, state);
    return states;
  } catch (error) {
    return error as Error;
  }
}

function stateIn(read: ReadResult, id: string): TicketState | "absent" | "unknown" {
  return read instanceof Error ? "unknown" : (read.get(id) ?? "absent");
}

/** Deletes tickets in one region until a delete fails. The next round retries the rest. @returns the reason of the failure. */
async function deleteIn(
  { api }: DrillRegion,
  ids: readonly string[],
  onDeleted: (id: string) => void,
): Promise<string | undefined> {
  for (let start = 0; start < ids.length; start += PARALLEL) {
    const deletions = ids.slice(start, start + PARALLEL).map(async (id) => {
      const call = { method: "DELETE", url: `${api}/tickets/${id}`, limitMs: DELETE_MS } as const;
      const response = await callApi(call).catch((error: Error) => error);
      if (response instanceof Error) return response.message;
      if (response.status !== 204) return `DELETE returned ${response.status}`;
      onDeleted(id);
      return undefined;
    });
    const problem = (await Promise.all(deletions)).find((failed) => failed !== undefined);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
