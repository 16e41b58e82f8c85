import { useEffect, useState } from "preact/hooks";
import type { ConflictComparison } from "../data/ticket-store";
import { RegionBehind } from "../data/errors";
import { readErrorText } from "../data/messages";
import { useApp } from "../app-context";

/** Retry interval while a region is behind or none responds, in milliseconds. */
const RETRY_MS = 1_500;

/** State of a comparison. */
export interface ComparisonState {
  readonly compared?: ConflictComparison;
  /** Reason why the read failed. It is retried until it succeeds. */
  readonly problem?: string;
  /** Whether the ticket has changed during the comparison. */
  readonly changed: boolean;
  /** Reads the ticket and its conflicts again. */
  readonly readAgain: () => void;
}

/** Reads a ticket and its conflicts. Reads them again when the ticket changes during the comparison. */
export function useComparison(id: string): ComparisonState {
  const { store, config } = useApp();
  const [state, setState] = useState<Omit<ComparisonState, "readAgain">>({ changed: false });
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
