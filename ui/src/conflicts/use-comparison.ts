import { useEffect, useState } from "preact/hooks";
import type { ConflictComparison } from "../data/ticket-store";
import { RegionBehind } from "../data/errors";
import { readErrorText } from "../data/messages";
import { useApp } from "../app-context";

/** How often it is tried again while a region is behind or none responds, in milliseconds. */
const RETRY_MS = 1_500;

/** What there is to compare, as the regions have it now. */
export interface Comparing {
  readonly compared?: ConflictComparison;
  /** Why it cannot be read. It is tried again until it can. */
  readonly problem?: string;
  /** Whether the ticket was changed since it was shown for comparison, and is shown anew. */
  readonly changed: boolean;
  /** Reads again, because the ticket was changed. */
  readonly readAgain: () => void;
}

/** Reads a ticket and its conflicts, and the ticket again when it is changed while the user compares. */
export function useComparison(id: string): Comparing {
  const { store, config } = useApp();
  const [state, setState] = useState<Omit<Comparing, "readAgain">>({ changed: false });
  const [reading, setReading] = useState(0);
  const readAgain = (): void => setReading((count) => count + 1);
  useEffect(() => {
    let wanted = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    store.conflicts.compare(id).then(
      (compared) =>
        wanted && setState((before) => ({ compared, changed: hasChanged(before.compared, compared) })),
      (error: unknown) => {
        if (!wanted) return;
        const text = readErrorText(error, config.apis);
        const hint = error instanceof RegionBehind ? " Retrying." : "";
        setState((before) => ({ ...before, problem: text + hint }));
        timer = setTimeout(readAgain, RETRY_MS);
      },
    );
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [id, reading]);
  const known = store.find(id);
  const shown = state.compared?.ticket;
  const isNewer =
    known !== undefined && !known.saving && shown !== undefined && known.version > shown.version;
  useEffect(() => {
    if (isNewer) readAgain();
  }, [isNewer]);
  return { ...state, readAgain };
}

function hasChanged(before: ConflictComparison | undefined, now: ConflictComparison): boolean {
  return before !== undefined && before.ticket?.version !== now.ticket?.version;
}
