import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Conflict } from "../data/api-types";
import { balanced } from "../data/bidi";
import type { ShownTicket } from "../data/ticket-store";
import { CardActions } from "../list/card-actions";
import { CardProblem } from "../list/card-problem";
import { Facts } from "../list/facts";
import { TicketChips } from "../list/ticket-chips";
import { Modal } from "../modal";
import { useApp } from "../app-context";
import { useTicket } from "./use-ticket";

/** Dialog with all details of a ticket. It has its own URL and also shows tickets that the filter hides. */
export function TicketDialog({ id }: { readonly id: string }): VNode {
  const { navigation } = useApp();
  const { ticket, missing, problem } = useTicket(id);
  const close = (): void => navigation.close({ view: "ticket", id });
  return (
    <Modal titleId="ticket-title" class="wide" onClose={close}>
      <header class="modal-header">
        <h2 id="ticket-title" tabIndex={-1} autoFocus dir="auto">
          {ticket ? balanced(ticket.subject) : missing ? "Ticket not found" : "Ticket"}
        </h2>
        {ticket && <CopyLink id={id} />}
        <button type="button" onClick={close}>
          Back
        </button>
      </header>
      {ticket ? (
        <Content ticket={ticket} />
      ) : missing ? (
        <Missing id={id} />
      ) : (
        <p class="list-note" role="status">
          {problem ?? "Loading the ticket…"}
        </p>
      )}
    </Modal>
  );
}

function Content({ ticket }: { readonly ticket: ShownTicket }): VNode {
  const { navigation } = useApp();
  const { id, description, hasConflict, saving } = ticket;
  return (
    <div class="ticket-view" data-status={ticket.status} aria-busy={saving}>
      <TicketChips ticket={ticket} />
      {hasConflict && (
        <p class="banner">
          <span>Two regions changed this ticket independently.</span>
          <button type="button" onClick={() => navigation.open({ view: "conflict", id })}>
            Compare versions
          </button>
        </p>
      )}
      {description === "" ? (
        <p class="hint">No description.</p>
      ) : (
        <p class="description" dir="auto">
          {balanced(description)}
        </p>
      )}
      <Facts ticket={ticket} full />
      <CardProblem id={id} />
      <CardActions ticket={ticket} within="view" />
    </div>
  );
}

function CopyLink({ id }: { readonly id: string }): VNode {
  const { navigation } = useApp();
  const [result, setResult] = useState("");
  const link = navigation.linkTo(id);
  async function copy(button: HTMLElement): Promise<void> {
    setResult((await copyText(link, button)) ? "Link copied" : `Copy this link: ${link}`);
  }
  return (
    <>
      <button type="button" onClick={(event) => void copy(event.currentTarget)}>
        Copy link
      </button>
      <p class="copied" role="status">
        {result}
      </p>
    </>
  );
}

/** Message that the ticket does not exist. Offers changes that lost to its delete. */
function Missing({ id }: { readonly id: string }): VNode {
  const { store, navigation } = useApp();
  const [lost, setLost] = useState<readonly Conflict[]>([]);
  useEffect(() => {
    let wanted = true;
    store.conflicts.compare(id).then(
      ({ conflicts }) => wanted && setLost(conflicts.filter(({ losing }) => !("deleted" in losing))),
      // The conflicts are optional here, so an error is ignored.
      () => undefined,
    );
    return () => void (wanted = false);
  }, [id]);
  return (
    <div class="list-note">
      <p>This ticket was deleted, or the link is wrong.</p>
      {lost.length > 0 && (
        <p>
          <button type="button" onClick={() => navigation.open({ view: "conflict", id })}>
            Show the change that lost to the delete
          </button>
        </p>
      )}
    </div>
  );
}

/**
 * Copies a text to the clipboard, also without HTTPS, where browsers have no asynchronous Clipboard API.
 * https://developer.mozilla.org/en-US/docs/Web/API/Clipboard_API#security_considerations
 * @param near element inside the open dialog: elements outside of it cannot be selected.
 * @returns whether the text was copied.
 */
async function copyText(text: string, near: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text, near);
  }
}

function copySelected(text: string, near: HTMLElement): boolean {
  const field = document.createElement("textarea");
  field.value = text;
  field.readOnly = true;
  field.className = "for-readers";
  near.after(field);
  field.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    field.remove();
    near.focus();
  }
}
