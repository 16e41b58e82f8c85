import type { VNode } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Ticket, TicketFields } from "../data/api-types";
import { isolated } from "../data/bidi";
import { ConcurrentChange } from "../data/errors";
import { writeErrorText } from "../data/messages";
import { Modal } from "../modal";
import { useApp } from "../app-context";
import { useTicket } from "../ticket/use-ticket";
import { changesOf, removeEditDraft, EditDraft, writeEditDraft, readEditDraft } from "./drafts";
import { FormFoot } from "./form-foot";
import { TicketFieldInputs } from "./ticket-fields";
import { useSaving } from "./use-saving";

/** Dialog that edits a ticket. Reads the ticket first when it is not cached. */
export function EditDialog({ id }: { readonly id: string }): VNode {
  const { navigation } = useApp();
  const { ticket, missing, problem } = useTicket(id);
  // A draft stays open after the ticket was deleted: saving reports the delete, and the user can copy the text.
  const [kept] = useState(() => readEditDraft(id));
  const begun = useRef<EditDraft | undefined>(kept);
  if (ticket) begun.current ??= { seen: ticket, changes: {} };
  if (begun.current) return <EditForm begun={begun.current} />;
  const close = (): void => navigation.close({ view: "edit", id });
  return (
    <Modal titleId="edit-title" onClose={close}>
      <h2 id="edit-title">Edit ticket</h2>
      <p class="list-note" role="status">
        {missing ? "This ticket was deleted, or the link is wrong." : (problem ?? "Loading the ticket…")}
      </p>
      <div class="form-foot">
        <button type="button" onClick={close}>
          Close
        </button>
      </div>
    </Modal>
  );
}

/**
 * Form with all fields of a ticket. Escape and Back keep the input as a draft, which survives a reload. When another user
 * changed the same fields, the dialog reports it, and saving again overwrites them.
 */
function EditForm({ begun }: { readonly begun: EditDraft }): VNode {
  const { store, notices, navigation, config } = useApp();
  const [draft, setDraft] = useState(begun);
  const { form, busy, errors, problem, save, clearError } = useSaving();
  const { seen, changes } = draft;
  const hasChanges = Object.keys(changes).length > 0;
  const { id } = seen;
  const end = useRef<"open" | "saved" | "discarded" | "left">("open");
  const isKept = useRef(hasChanges);
  isKept.current = hasChanges && !busy;
  // Not `useEffect`, which runs after the next paint: if the user goes back before that, its cleanup never runs.
  useLayoutEffect(
    () => () => {
      if (end.current === "open" && isKept.current)
        notices.show("What you have typed is kept. Edit the ticket again to continue.");
      if (end.current === "open") end.current = "left";
    },
    [],
  );

  function set(next: EditDraft): void {
    setDraft(next);
    writeEditDraft(next);
  }

  function rebaseDraft(now: Ticket): void {
    set({ seen: now, changes: changesOf(now, { ...now, ...changes }) });
  }

  function change<F extends keyof TicketFields>(field: F, value: TicketFields[F]): void {
    set({ seen, changes: changesOf(seen, { ...seen, ...changes, [field]: value }) });
    clearError(field);
  }

  function close(): void {
    navigation.close({ view: "edit", id });
  }

  async function saveChanges(): Promise<void> {
    const subject = isolated(changes.subject ?? seen.subject);
    try {
      if (hasChanges) await store.change(id, changes, seen);
    } catch (error) {
      if (error instanceof ConcurrentChange && error.theirs) rebaseDraft({ ...latest(), ...error.theirs });
      if (end.current === "left") notices.showProblem(`“${subject}”: ${writeErrorText(error, config.apis)}`);
      throw error;
    }
    removeEditDraft(id);
    if (hasChanges) notices.show(`Saved “${subject}”.`);
    if (end.current === "left") return;
    end.current = "saved";
    close();
  }

  function latest(): Ticket {
    return store.find(id) ?? seen;
  }

  function discard(): void {
    // A request in flight cannot be cancelled.
    if (busy) return;
    end.current = "discarded";
    removeEditDraft(id);
    close();
  }

  function closeAndKeep(): void {
    if (busy) return;
    if (!hasChanges) removeEditDraft(id);
    close();
  }

  return (
    <Modal titleId="edit-title" onClose={closeAndKeep}>
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save({ ...seen, ...changes }, saveChanges);
        }}
      >
        <h2 id="edit-title">Edit ticket</h2>
        <TicketFieldInputs
          prefix="edit"
          values={{ ...seen, ...changes }}
          errors={errors}
          busy={busy}
          isEdit
          onChange={change}
        />
        <FormFoot label="Save" busy={busy} problem={problem}>
          <button type="button" aria-disabled={busy} onClick={discard}>
            {hasChanges ? "Discard" : "Cancel"}
          </button>
        </FormFoot>
      </form>
    </Modal>
  );
}
