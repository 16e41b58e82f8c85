import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Conflict, ConflictHistory, Ticket } from "../data/api-types";
import { problemText } from "../data/wording";
import { Modal } from "../modal";
import { usePage } from "../page-context";
import { Comparison } from "./comparison";

/** Shows both versions of a ticket that two regions changed at the same time, and lets the user keep one of them. */
export function ConflictDialog({ id }: { readonly id: string }): VNode {
  const { store, compared, notices, config } = usePage();
  const ticket = store.tickets.value.find((shown) => shown.id === id);
  const { conflicts, problem: readProblem } = useConflicts(id);
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [index, setIndex] = useState(0);
  const unsettled =
    conflicts?.filter(({ losingVersion }) => losingVersion > (ticket?.resolvedConflict ?? "")) ?? [];
  const conflict = unsettled[index];
  const close = (): void => void (compared.value = undefined);
  // What comes of a choice that is on its way is said here.
  const leave = (): void => void (busy || close());

  async function keep(which: "current" | "losing", seen: Ticket): Promise<void> {
    if (busy || !conflict) return;
    setBusy(true);
    setProblem(undefined);
    try {
      await store.settle(id, conflict, which, seen);
      notices.say(which === "current" ? "Kept the ticket as it is." : "Took the other version.");
      close();
    } catch (error) {
      setProblem(problemText(error, config.apis));
      setBusy(false);
    }
  }

  return (
    <Modal titleId="conflict-title" class="wide" onClose={leave}>
      <h2 id="conflict-title" tabIndex={-1} autoFocus>
        Two versions{ticket && ` of “${ticket.subject}”`}
      </h2>
      <p class="hint">
        Two regions changed this ticket without knowing of each other. The later change won; nothing of the
        other one is lost.
      </p>
      <Steps conflicts={unsettled} index={index} show={setIndex} />
      <div class="comparison-place" aria-busy={busy}>
        {ticket && conflict ? (
          <Comparison ticket={ticket} conflict={conflict} keep={(which) => void keep(which, ticket)} />
        ) : (
          <p class="list-note" role="status">
            {readProblem ??
              (!ticket
                ? "The ticket is not in the list any more."
                : conflicts
                  ? "This is settled."
                  : "Reading both versions…")}
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

function useConflicts(id: string): Partial<ConflictHistory> & { readonly problem?: string } {
  const { store, config } = usePage();
  const [read, setRead] = useState<Partial<ConflictHistory> & { readonly problem?: string }>({});
  useEffect(() => {
    let wanted = true;
    store.conflicts(id).then(
      (history) => wanted && setRead(history),
      (error: unknown) => wanted && setRead({ problem: problemText(error, config.apis) }),
    );
    return () => void (wanted = false);
  }, [id]);
  return read;
}

/** Several conflicts of one ticket, newest first. */
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
        {index + 1} of {conflicts.length}; what you keep settles all older ones too
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
