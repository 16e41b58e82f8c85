import { useEffect, useRef, useState } from "preact/hooks";
import { browserClock } from "../data/browser";
import { ApiProblem } from "../data/errors";
import { pollWhileVisible } from "../data/polling";
import type { ShownTicket } from "../data/ticket-store";
import { readErrorText } from "../data/messages";
import { useApp } from "../app-context";

/** How often a ticket that is looked at is read again, in milliseconds. */
const REFRESH_MS = 4_000;

/** A ticket that is looked at, whether or not it is listed. */
export interface FoundTicket {
  readonly ticket?: ShownTicket;
  /** Whether there is no such ticket. */
  readonly missing: boolean;
  /** Why it could not be read; absent once it was. */
  readonly problem?: string;
}

/** Reads a ticket and keeps it fresh for as long as it is looked at. */
export function useTicket(id: string): FoundTicket {
  const { store, config } = useApp();
  const [state, setState] = useState<Omit<FoundTicket, "ticket">>({ missing: false });
  // The page forgets what is not listed after a while; what is looked at stays until it is read again.
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
        // Not the form of an id: no ticket can have it.
        if (error instanceof ApiProblem && error.problem.status < 429) setState({ missing: true });
        else setState({ missing: false, problem: readErrorText(error, config.apis) });
      }
    }
    const page = {
      clock: browserClock,
      visibility: {
        get hidden() {
          return signal.aborted || document.hidden;
        },
        addEventListener: (type: "visibilitychange", listener: () => void) =>
          document.addEventListener(type, listener, { signal }),
      },
    };
    pollWhileVisible(page, read, () => REFRESH_MS);
    return () => ended.abort();
  }, [id]);
  return { ...state, ticket: state.missing ? undefined : last.current };
}
