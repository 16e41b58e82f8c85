import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { copyText } from "../copy-text";
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

/** One ticket in full, under a link of its own; also one that the list does not show. */
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
  const [said, setSaid] = useState("");
  const link = navigation.linkTo(id);
  async function copy(button: HTMLElement): Promise<void> {
    setSaid((await copyText(link, button)) ? "Link copied" : `Copy this link: ${link}`);
  }
  return (
    <>
      <button type="button" onClick={(event) => void copy(event.currentTarget)}>
        Copy link
      </button>
      <p class="copied" role="status">
        {said}
      </p>
    </>
  );
}

/** Nothing is under the link. A change that lost to the delete can still be looked at. */
function Missing({ id }: { readonly id: string }): VNode {
  const { store, navigation } = useApp();
  const [lost, setLost] = useState<readonly Conflict[]>([]);
  useEffect(() => {
    let wanted = true;
    store.conflicts.compare(id).then(
      ({ conflicts }) => wanted && setLost(conflicts.filter(({ losing }) => !("deleted" in losing))),
      // It adds something to what is said already.
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
