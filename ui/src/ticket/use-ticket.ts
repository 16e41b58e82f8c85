import { useEffect, useRef, useState } from "preact/hooks";
import { browserClock } from "../data/browser";
import { ApiProblem } from "../data/errors";
import { pollWhileVisible } from "../data/polling";
import type { ShownTicket } from "../data/ticket-store";
import { readErrorText } from "../data/messages";
import { useApp } from "../app-context";

/** Refresh interval of an open ticket, in milliseconds. */
const REFRESH_MS = 4_000;

/** Ticket that is open, whether or not it is listed. */
export interface FoundTicket {
  readonly ticket?: ShownTicket;
  /** Whether the ticket does not exist. */
  readonly missing: boolean;
  /** Reason why the read failed; absent after a successful read. */
  readonly problem?: string;
}

/** Reads a ticket and refreshes it while it is open. */
export function useTicket(id: string): FoundTicket {
  const { store, config } = useApp();
  const [state, setState] = useState<Omit<FoundTicket, "ticket">>({ missing: false });
  // The cache removes unlisted tickets after a while. An open ticket stays until the next read.
  const last = useRef<ShownTicket | undefined>(undefined);
  const shown = store.find(id);
  if (shown) last.current = shown;
  useEffect(() => {
    const ended = new AbortController();
    const { signal } = ended;
    async function read(): Promise<void> {
      try {
        const found = await store.read(id);
        if (!signal.aborted) setState({ missing: found === undefined });
      } catch (error) {
        if (signal.aborted) return;
        // The API rejected the id as malformed, so no ticket has it.
        if (error instanceof ApiProblem && error.problem.status < 429) setState({ missing: true });
        else setState({ missing: false, problem: readErrorText(error, config.apis) });
      }
    }
    const browser = {
      clock: browserClock,
      visibility: {
        get hidden() {
          return signal.aborted || document.hidden;
        },
        addEventListener: (type: "visibilitychange", listener: () => void) =>
          document.addEventListener(type, listener, { signal }),
      },
    };
    pollWhileVisible(browser, read, () => REFRESH_MS);
    return () => ended.abort();
  }, [id]);
  return { ...state, ticket: state.missing ? undefined : last.current };
}
