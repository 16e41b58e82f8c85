import type { Ticket, TicketChanges } from "./api-types";
import type { Clock } from "./browser";
import { ApiProblem, ConcurrentChange, NoRegionResponds, RegionBehind } from "./errors";
import type { TicketApi } from "./ticket-api";
import type { TicketCache } from "./ticket-cache";

/** So often somebody else may come first before the user is told. */
const MAX_RACES = 5;
/** For so long a region is given time to catch up, and it is asked so often, in milliseconds. Replication takes about a second. */
const CATCH_UP = { within: 4_000, pause: 1_000 };

/** What a versioned write is made of. */
interface VersionedWrite {
  readonly id: string;
  /** The ticket as the page knows it when the memory has lost it. */
  readonly seen: Ticket;
  /**
   * Writes over exactly the version of a ticket. Throws ChangeLost when it must not.
   * @returns whether it is done; false when the ticket has another version.
   */
  readonly write: (latest: Ticket) => Promise<boolean>;
  /** Whether a version that was just read has what was to be written: an earlier try has done it. */
  readonly isDone?: (latest: Ticket) => boolean;
}

/** Writes to tickets over exactly the version that the page knows, again over a newer one when somebody else came first. */
export class VersionedWrites {
  constructor(
    private readonly api: Pick<TicketApi, "read" | "change" | "remove">,
    private readonly cache: TicketCache,
    private readonly clock: Clock,
  ) {}

  /**
   * Changes a ticket.
   * @param changesOver what to send over a version of the ticket.
   * @throws ChangeLost, RegionBehind, ApiProblem, NoRegionAnswers
   */
  change(id: string, seen: Ticket, changesOver: (latest: Ticket) => TicketChanges): Promise<void> {
    const write = async (latest: Ticket): Promise<boolean> => {
      const answer = await this.api.change(id, changesOver(latest), latest.version);
      if (answer === "changed") return false;
      if (!answer) throw this.deletedTicket(latest);
      this.cache.add(answer.value, answer.region);
      return true;
    };
    return this.writeUntilDone({
      id,
      seen,
      write,
      isDone: (latest) => hasChanges(changesOver(latest), latest),
    });
  }

  /**
   * Deletes a ticket, or finds it deleted.
   * @param assertMay throws when a version of the ticket must not be deleted.
   * @param keepalive whether the request goes on when the page is left.
   * @param sending called with the version that is about to be deleted.
   * @throws ChangeLost, RegionBehind, ApiProblem, NoRegionAnswers
   */
  async remove(
    id: string,
    seen: Ticket,
    assertMay: (latest: Ticket) => void,
    keepalive: () => boolean,
    sending: (latest: Ticket) => void,
  ): Promise<void> {
    const write = async (latest: Ticket): Promise<boolean> => {
      assertMay(latest);
      sending(latest);
      if ((await this.api.remove(id, latest.version, keepalive())) === "changed") return false;
      this.cache.markDeleted(id, latest.version);
      return true;
    };
    try {
      await this.writeUntilDone({ id, seen, write });
    } catch (error) {
      if (!(error instanceof ConcurrentChange && error.theirs === undefined)) throw error;
    }
  }

  private async writeUntilDone({ id, seen, write, isDone }: VersionedWrite): Promise<void> {
    const begun = this.clock.now();
    let tried = false;
    let latest = this.cache.ticket(id) ?? seen;
    for (let races = 0; races <= MAX_RACES;) {
      try {
        if (await write(latest)) return;
        races++;
        tried = true;
        latest = await this.readAgain(latest);
        if (isDone?.(latest)) return;
      } catch (error) {
        // One of the tries before may have been done by a region that did not say so.
        if (error instanceof NoRegionResponds && tried) throw new NoRegionResponds(error.failures, true);
        tried = true;
        const waited = this.clock.now() - begun;
        if (!(error instanceof RegionBehind) || waited >= CATCH_UP.within) throw error;
        await new Promise<void>((resolve) => this.clock.after(CATCH_UP.pause, resolve));
        latest = this.cache.ticket(id) ?? latest;
      }
    }
    const detail = "Others keep changing this ticket. Try again in a moment.";
    throw new ApiProblem({ status: 409, title: "The ticket keeps changing", detail, errors: [] });
  }

  private async readAgain(latest: Ticket): Promise<Ticket> {
    const { value, region } = await this.api.read(latest.id, latest.version);
    if (!value) throw this.deletedTicket(latest);
    return this.cache.add(value, region);
  }

  private deletedTicket({ id, version }: Ticket): ConcurrentChange {
    this.cache.markDeleted(id, version);
    return new ConcurrentChange(undefined);
  }
}

function hasChanges(changes: TicketChanges, ticket: Ticket): boolean {
  return Object.entries(changes).every(([field, value]) => ticket[field as keyof TicketChanges] === value);
}
