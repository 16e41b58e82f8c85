import type { Ticket } from "./api-types";
import { assertUnchanged } from "./edits";
import { isWriteError } from "./errors";
import type { RemovalLog, UnconfirmedRemoval } from "./removal-log";
import type { TicketCache } from "./ticket-cache";
import type { VersionedWrites } from "./versioned-writes";

/** Sends deletes, and again after a reload if no region has confirmed them. */
export class RemovalSender {
  constructor(
    private readonly writes: Pick<VersionedWrites, "remove">,
    private readonly cache: TicketCache,
    private readonly log: RemovalLog,
  ) {
    for (const { id, version } of log.all()) cache.markDeleted(id, version);
  }

  /**
   * Deletes a ticket, unless another user has changed it.
   * @param isUnloading returns whether the user is leaving the web UI.
   * @throws ConcurrentChange, RegionBehind, ApiProblem, NoRegionResponds
   */
  async send({ ticket, known }: UnconfirmedRemoval, isUnloading: () => boolean): Promise<void> {
    const assertMay = (latest: Ticket): void => assertUnchanged(known, latest);
    const record = (latest: Ticket): void => this.log.record({ ticket: latest, known });
    // The request may have to wait for a change of the ticket, and the user may leave the web UI before.
    record(ticket);
    try {
      await this.writes.remove(ticket.id, ticket, assertMay, isUnloading, record);
      this.log.confirm(ticket.id);
    } catch (error) {
      this.log.discard(ticket.id);
      this.cache.unmarkDeleted(ticket.id);
      throw error;
    }
  }

  /**
   * Sends the deletes again that no region has confirmed. Deleting a deleted ticket has no effect.
   * @returns the tickets whose delete failed.
   */
  async retryUnconfirmed(): Promise<readonly Ticket[]> {
    const failed = await Promise.all(this.log.unconfirmed().map((removal) => this.failedTicket(removal)));
    return failed.flatMap((ticket) => ticket ?? []);
  }

  private async failedTicket(removal: UnconfirmedRemoval): Promise<Ticket | undefined> {
    try {
      await this.send(removal, () => false);
      return undefined;
    } catch (error) {
      if (!isWriteError(error)) throw error;
      return removal.ticket;
    }
  }
}
