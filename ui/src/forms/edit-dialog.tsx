import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Ticket, TicketFields } from "../data/api-types";
import { ChangeLost } from "../data/errors";
import { Modal } from "../modal";
import { usePage } from "../page-context";
import { changesOf, dropEdit, EditDraft, editDraftOf, keepEdit, putEditAside } from "./edit-draft";
import { FormFoot } from "./form-foot";
import { TicketFieldInputs } from "./ticket-fields";
import { useSaving } from "./use-saving";

/**
 * Edits all fields of a ticket. Escape puts what was typed aside for the next time; it outlives a reload of the page too.
 * When somebody else changed the same fields meanwhile, the dialog says so, and saving again keeps what was typed here.
 */
export function EditDialog({ ticket }: { readonly ticket: Ticket }): VNode {
  const { store, notices, edited } = usePage();
  const [draft, setDraft] = useState(() => editDraftOf(ticket));
  const { form, busy, errors, problem, save, forget } = useSaving();
  const { seen, changes } = draft;
  const hasChanges = Object.keys(changes).length > 0;
  // What was put aside before is open again, also after a reload.
  useEffect(() => void (hasChanges && keepEdit(draft)), []);

  function set(next: EditDraft): void {
    setDraft(next);
    keepEdit(next);
  }

  function setOver(now: Ticket): void {
    set({ seen: now, changes: changesOf(now, { ...now, ...changes }) });
  }

  function change<F extends keyof TicketFields>(field: F, value: TicketFields[F]): void {
    set({ seen, changes: changesOf(seen, { ...seen, ...changes, [field]: value }) });
    forget(field);
  }

  function close(text?: string): void {
    edited.value = undefined;
    if (text) notices.say(text);
  }

  async function saveChanges(): Promise<void> {
    try {
      if (hasChanges) await store.change(ticket.id, trimmed(changes), seen);
    } catch (error) {
      if (error instanceof ChangeLost && error.theirs) setOver({ ...latest(), ...error.theirs });
      throw error;
    }
    dropEdit(ticket.id);
    close(hasChanges ? `Saved “${changes.subject ?? seen.subject}”.` : undefined);
  }

  function latest(): Ticket {
    return store.tickets.peek().find(({ id }) => id === ticket.id) ?? seen;
  }

  function discard(): void {
    // What is on its way cannot be called back.
    if (busy) return;
    dropEdit(ticket.id);
    close();
  }

  function putAside(): void {
    if (busy) return;
    putEditAside();
    if (!hasChanges) dropEdit(ticket.id);
    close(hasChanges ? "What you have typed is kept. Edit the ticket again to go on." : undefined);
  }

  return (
    <Modal titleId="edit-title" onClose={putAside}>
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save(saveChanges);
        }}
      >
        <h2 id="edit-title">Edit ticket</h2>
        <TicketFieldInputs
          prefix="edit"
          values={{ ...seen, ...changes }}
          errors={errors}
          busy={busy}
          withStatus
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

/** A name is found by a filter only when it is written the same. */
function trimmed(changes: EditDraft["changes"]): EditDraft["changes"] {
  const { assignee } = changes;
  return assignee === undefined ? changes : { ...changes, assignee: assignee.trim() };
}
