import { removeTickets } from "./remove-tickets";
import type { DrillSystem } from "./system";
import { hasTakenOver } from "./watched-subjects";

/** How a drill is left. */
export interface Leaving {
  /** Nicknames of the regions that are still broken. */
  readonly broken: Set<string>;
  /** Whether it has made tickets. */
  readonly hasTickets: boolean;
  /** When the drill began: milliseconds since 1970. */
  readonly startedAt: number;
  /** Whether the drill came to its end; else it was stopped, or failed. */
  readonly isWhole: boolean;
  /** Whether the system outlives the drill. */
  readonly keepsData: boolean;
  readonly say: (line: string) => void;
}

/** How far apart clocks may be, in milliseconds. */
const CLOCKS_APART_MS = 300_000;

/** Leaves the system as it was, and says what it could not do. A takeover stays: its gates are for whoever looks at them. */
export async function leave(system: DrillSystem, leaving: Leaving): Promise<void> {
  const { broken, hasTickets, isWhole, keepsData, say } = leaving;
  if (broken.size > 0 && keepsData)
    say(`Mending ${[...broken].join(" and ")}; another Ctrl-C would leave it as it is.`);
  await mendAll(system, broken).catch((error: Error) =>
    say(`Not everything could be mended. ${error.message}`),
  );
  if (!keepsData || !hasTickets) return;
  if (!isWhole && (await hasTakenOver(system)))
    say(
      `${system.secondary.name} has taken over; npm run failback gives service back when the gates allow it.`,
    );
  await deleteTickets(system, leaving);
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
      failures.push(`${name} stays broken: ${(error as Error).message}`);
    }
  if (failures.length > 0) throw new Error(failures.join(" "));
}

async function deleteTickets(
  system: DrillSystem,
  { startedAt, isWhole, say }: Pick<Leaving, "startedAt" | "isWhole" | "say">,
): Promise<void> {
  const subject = `Drill ${new Date(startedAt).toISOString()}`;
  if (!isWhole) say("Deleting the drill's tickets; another Ctrl-C would leave them.");
  // A clock of a region that is behind this one must not hide a ticket.
  const since = new Date(startedAt - CLOCKS_APART_MS).toISOString();
  try {
    const left = await removeTickets(system, subject, since);
    if (left > 0) say(`${left} of the drill's tickets could not be deleted; their subject is "${subject}".`);
  } catch (error) {
    const { message } = error as Error;
    say(`The drill's tickets could not be deleted: ${message}. Their subject is "${subject}".`);
  }
}
