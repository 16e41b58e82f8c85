import type { ReplicatedWrite } from "../functions/replication/replicated-write";
import type { Image } from "../functions/shared/image";
import type { TargetTable } from "../functions/replication/target-table";
import type { StoredTicket } from "../functions/tickets/ticket";
import { fromImage, toImage } from "../testing/attribute-values";
import { isRefreshed } from "../testing/memory-target";
import type { ConflictSide } from "../operations/reconcile/conflict-tables";
import { keyOf, Ledger } from "./ledger";
import type { SimulatedRegion, SharedState } from "./region";

/** Makes a call to a region over the simulated network. */
export type Call = <T>(effect: () => T) => Promise<T>;

/** Returns a region's ticket table for replication, with the conditions of the real one. */
export function simulatedTarget({ table, region }: SimulatedRegion, ledger: Ledger, call: Call): TargetTable {
  const store = (incoming: StoredTicket): void => {
    ledger.applied.push({ incoming, replaced: table.items.get(incoming.id), region });
    table.write(incoming);
  };
  return {
    put: (write) =>
      call(() => {
        const incoming = fromImage<StoredTicket>(write.image as Record<string, object>);
        if (incoming.origin === region) ledger.returned.push(incoming);
        if (ledger.poisoned.includes(incoming.id)) throw itemTooLarge();
        const stored = table.items.get(incoming.id);
        if (stored && !isKnownAndOlder(write, stored)) return toImage(stored) as Image;
        store(incoming);
        return undefined;
      }),
    refresh: (write) =>
      call(() => {
        const incoming = fromImage<StoredTicket>(write.image as Record<string, object>);
        const stored = table.items.get(incoming.id);
        if (!isRefreshed(write, stored && (toImage(stored) as Image))) return false;
        store(incoming);
        return true;
      }),
    replace: ({ image }, version) =>
      call(() => {
        const incoming = fromImage<StoredTicket>(image as Record<string, object>);
        if (table.items.get(incoming.id)?.version !== version) return false;
        store(incoming);
        return true;
      }),
  };
}

function isKnownAndOlder({ version, origin, seen }: ReplicatedWrite, stored: StoredTicket): boolean {
  const knows = stored.origin === origin || stored.version <= (seen[stored.origin] ?? "");
  return stored.version < version && knows;
}

function itemTooLarge(): Error {
  return Object.assign(new Error("The item is too large."), { name: "ValidationException" });
}

/** Returns a region's conflict table. Its condition is the one of the rules. */
export function simulatedConflicts(
  { conflicts }: SimulatedRegion,
  { ledger, rules }: SharedState,
  call: Call,
): ConflictSide {
  return {
    put: (entry) =>
      call(() => {
        const key = keyOf(entry);
        ledger.recordWinner(key, entry.winningVersion);
        const stored = conflicts.get(key);
        if (!stored || rules.replacesEntry(entry, stored)) conflicts.set(key, entry);
        return stored;
      }),
    async *pages() {
      yield await call(() => [...conflicts.values()]);
    },
  };
}
