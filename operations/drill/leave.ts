import type { DrillTickets } from "./drill-tickets";
import { remainingLines, removeTickets } from "./remove-tickets";
import type { DrillSystem } from "./system";
import { hasTakenOver } from "./watched-subjects";

/** How a drill is left. */
export interface Leaving {
  /** Nicknames of the regions that are still broken. */
  readonly broken: Set<string>;
  /** Those that it has created, or may have. */
  readonly tickets: DrillTickets;
  /** Whether the drill came to its end; else it was stopped, or failed. */
  readonly isWhole: boolean;
  /** Whether the system outlives the drill. */
  readonly keepsData: boolean;
  readonly say: (line: string) => void;
}

/** Leaves the system as it was, and says what it could not do. A takeover stays: its gates are for whoever looks at them. */
export async function leave(system: DrillSystem, leaving: Leaving): Promise<void> {
  const { broken, tickets, isWhole, keepsData, say } = leaving;
  if (broken.size > 0 && keepsData)
    say(`Repairing ${[...broken].join(" and ")}. A second Ctrl-C stops the repair.`);
  await mendAll(system, broken).catch((error: Error) => say(`The repair is incomplete. ${error.message}`));
  if (!keepsData || tickets.ids.length === 0) return;
  if (!isWhole && (await hasTakenOver(system)))
    say(`${system.secondary.name} has taken over. To return service: npm run failback.`);
  if (!isWhole)
    say(`Deleting the drill's tickets. A second Ctrl-C keeps them. Their subject is "${tickets.subject}".`);
  for (const line of remainingLines(await removeTickets(system, tickets))) say(line);
}

/**
 * Mends every region that the drill has broken, and no other.
 * @throws Error that says of each region that could not be mended why.
 */
export async function mendAll(system: Pick<DrillSystem, "setState">, broken: Set<string>): Promise<void> {
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
