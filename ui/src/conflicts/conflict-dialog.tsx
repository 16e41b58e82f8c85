import type { VNode } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Conflict, Ticket } from "../data/api-types";
import { isolated } from "../data/bidi";
import { ConcurrentChange } from "../data/errors";
import type { Resolution } from "../data/ticket-store";
import { writeErrorText } from "../data/messages";
import { Modal } from "../modal";
import { useApp } from "../app-context";
import { Comparison } from "./comparison";
import { DeletedComparison } from "./deleted-comparison";
import { useComparison } from "./use-comparison";

/** Dialog that shows both versions of a ticket that two regions changed, and lets the user choose between them. */
export function ConflictDialog({ id }: { readonly id: string }): VNode {
  const { store, navigation, notices, config } = useApp();
  const { compared, problem: readProblem, changed, readAgain } = useComparison(id);
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [index, setIndex] = useState(0);
  const isOpen = useRef(true);
  // Not `useEffect`, which runs after the next paint: if the user closes the dialog before that, its cleanup never runs.
  useLayoutEffect(() => () => void (isOpen.current = false), []);
  const ticket = compared?.ticket;
  const unresolved = compared ? unresolvedOf(compared.conflicts, ticket) : [];
  const conflict = unresolved[Math.min(index, unresolved.length - 1)] as Conflict | undefined;
  const close = (): void => navigation.close({ view: "conflict", id });
  // The dialog stays open while a choice is in flight, to report its result.
  const leave = (): void => void (busy || close());

  async function keep(which: Resolution, seen: Ticket, resolved: Conflict): Promise<void> {
    if (busy) return;
    setBusy(true);
    setProblem(undefined);
    const subject = isolated(seen.subject);
    try {
      const isMarked = await store.conflicts.resolve(id, resolved, which, seen);
      notices.show(resolvedText(which, resolved, subject) + (isMarked ? "" : UNMARKED));
      const newer = unresolved.indexOf(resolved);
      if (newer <= 0) close();
      else {
        setIndex(newer - 1);
        readAgain();
      }
    } catch (error) {
      const text = writeErrorText(error, config.apis);
      if (isOpen.current) setProblem(text);
      else notices.showProblem(`“${subject}”: ${text}`);
      if (error instanceof ConcurrentChange) readAgain();
    } finally {
      setBusy(false);
    }
  }

  return (
    <Modal titleId="conflict-title" class="wide" onClose={leave}>
      <h2 id="conflict-title" tabIndex={-1} autoFocus>
        Two versions{ticket && ` of “${isolated(ticket.subject)}”`}
      </h2>
      <p class="hint">
        Two regions changed this ticket independently. The later change became the current version. The other
        one is kept until you decide.
      </p>
      <Steps conflicts={unresolved} index={index} show={setIndex} />
      <div class="comparison-place" aria-busy={busy}>
        {compared && conflict && !readProblem ? (
          <>
            <ChangedNotice ticket={ticket} conflict={conflict} changed={changed} />
            {ticket ? (
              <Comparison
                key={conflict.losingVersion}
                ticket={ticket}
                conflict={conflict}
                busy={busy}
                keep={(which) => void keep(which, ticket, conflict)}
              />
            ) : (
              <DeletedComparison conflict={conflict} close={close} />
            )}
          </>
        ) : (
          <p class="list-note" role="status">
            {readProblem ?? (compared ? "This conflict is resolved." : "Loading both versions…")}
          </p>
        )}
      </div>
      <div class="form-foot">
        <p class="problem" role="alert">
          {problem}
        </p>
        <button type="button" aria-disabled={busy} onClick={leave}>
          Decide later
        </button>
      </div>
    </Modal>
  );
}

/** Message that the compared ticket is newer than the winning version. */
function ChangedNotice(props: {
  readonly ticket: Ticket | undefined;
  readonly conflict: Conflict;
  readonly changed: boolean;
}): VNode | null {
  const { ticket, conflict, changed } = props;
  if (!ticket || (!changed && ticket.version <= conflict.winningVersion)) return null;
  return (
    <p class="banner" role="status">
      {changed
        ? "The ticket has just changed. The current version below is the latest."
        : "The ticket was changed after this conflict. The current version below is the latest."}
    </p>
  );
}

function unresolvedOf(conflicts: readonly Conflict[], ticket: Ticket | undefined): readonly Conflict[] {
  if (!ticket) return conflicts.filter(({ losing }) => !("deleted" in losing));
  return conflicts.filter(({ losingVersion }) => losingVersion > (ticket.resolvedConflict ?? ""));
}

const UNMARKED = " The conflict could not be marked as resolved, and may be shown again.";

function resolvedText(which: Resolution, { losing }: Conflict, subject: string): string {
  if (which === "current") return `Kept the current version of “${subject}”.`;
  if (which !== "losing") return `Saved the chosen fields of “${subject}”.`;
  return "deleted" in losing ? `Deleted “${subject}”.` : `Restored the other version of “${subject}”.`;
}

/** Navigation between several conflicts of one ticket, newest first. */
function Steps(props: {
  readonly conflicts: readonly Conflict[];
  readonly index: number;
  readonly show: (index: number) => void;
}): VNode | null {
  const { conflicts, index, show } = props;
  if (conflicts.length < 2) return null;
  return (
    <p class="steps">
      <button type="button" aria-disabled={index === 0} onClick={() => show(Math.max(index - 1, 0))}>
        Newer
      </button>
      <span role="status">
        Conflict {index + 1} of {conflicts.length}. A decision also resolves all older conflicts.
      </span>
      <button
        type="button"
        aria-disabled={index === conflicts.length - 1}
        onClick={() => show(Math.min(index + 1, conflicts.length - 1))}
      >
        Older
      </button>
    </p>
  );
}
