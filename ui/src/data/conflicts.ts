import { Conflict, ConflictHistory, Ticket, TICKET_FIELDS, TicketChanges, TicketFields } from "./api-types";
import type { PendingRemoval } from "./removals";

/** What the user compares when two regions changed a ticket. */
export interface ConflictComparison {
  /** The ticket as it is now; undefined when it was deleted. */
  readonly ticket: Ticket | undefined;
  /** Its conflicts, newest losing write first, settled ones too. */
  readonly conflicts: readonly Conflict[];
}

/** What the user keeps of two versions: one of them, or the current one with these fields of the other. */
export type Resolution = "current" | "losing" | readonly (keyof TicketFields)[];

/** What settling works with. */
export interface ConflictResolverOptions {
  readonly history: (id: string) => Promise<ConflictHistory>;
  /** The newest version of a ticket that the page knows. */
  readonly known: (id: string) => string | undefined;
  readonly read: (id: string, version: string) => Promise<Ticket | undefined>;
  readonly remove: (id: string, seen: Ticket | undefined) => PendingRemoval;
  /** Saves changes over the ticket as it was seen, and over no other content. */
  readonly save: (
    id: string,
    changesOf: (seen: Ticket) => TicketChanges,
    seen: Ticket | undefined,
  ) => Promise<void>;
}

/** Compares and settles the conflicts of tickets. */
export class ConflictResolver {
  constructor(private readonly options: ConflictResolverOptions) {}

  /**
   * Reads what there is to compare: a ticket's conflicts, and the ticket at least in the version that won. The listing may
   * still have the one that lost.
   * @throws ApiProblem, NoRegionAnswers, and RegionBehind when only a region answers that does not have that version yet.
   */
  async compare(id: string): Promise<ConflictComparison> {
    const { history, known, read } = this.options;
    const { conflicts } = await history(id);
    return { ticket: await read(id, newestWinner(conflicts, known(id) ?? "")), conflicts };
  }

  /**
   * Settles a conflict, and with it all older ones of the ticket: keeps the ticket, or gives it what the losing write has in
   * all fields or in some of them. When that write is a delete, `losing` deletes the ticket.
   * @param seen the ticket as the user compared it; as it is shown now by default.
   * @throws what TicketStore's writes throw; ChangeLost also when somebody changed any other field since the user compared.
   */
  async resolve(
    id: string,
    { losing, losingVersion }: Conflict,
    keep: Resolution,
    seen?: Ticket,
  ): Promise<void> {
    if ("deleted" in losing && keep === "losing") {
      const removal = this.options.remove(id, seen);
      removal.commit();
      await removal.done;
      return;
    }
    const changesOf = (base: Ticket): TicketChanges => ({
      ...changesOfResolution(base, losing, keep),
      resolvedConflict: losingVersion,
    });
    await this.options.save(id, changesOf, seen);
  }
}

/** The newest version of a ticket that conflicts or the page know of: an older one is not what won. */
function newestWinner(conflicts: readonly Conflict[], known: string): string {
  return conflicts.reduce(
    (latest, { winningVersion }) => (winningVersion > latest ? winningVersion : latest),
    known,
  );
}

/** The fields that a ticket gets from the version that lost. */
export function changesOfResolution(
  base: Ticket,
  losing: Conflict["losing"],
  keep: Resolution,
): TicketChanges {
  if ("deleted" in losing || keep === "current") return {};
  const wanted = keep === "losing" ? TICKET_FIELDS : keep;
  const differing = wanted.filter((field) => losing[field] !== base[field]);
  return Object.fromEntries(differing.map((field) => [field, losing[field]]));
}
