import type { VNode } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { isolated } from "../data/bidi";
import type { ShownTicket } from "../data/ticket-store";
import { AssigneeInput } from "../forms/assignee-input";
import { useApp } from "../app-context";
import { assign, close, remove, reopen } from "./ticket-actions";

/** Properties of the actions of a ticket. */
export interface CardActionsProps {
  readonly ticket: ShownTicket;
  /** Place of the actions: the card of the ticket, or its own view, which closes when the ticket is deleted. */
  readonly within?: "card" | "view";
}

/** Actions of a ticket. The form that assigns it replaces the buttons. */
export function CardActions(props: CardActionsProps): VNode {
  const { ticket, within = "card" } = props;
  const [assigning, setAssigning] = useState(false);
  const [returned, setReturned] = useState(0);
  const assignButton = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (returned > 0) assignButton.current?.focus();
  }, [returned]);
  if (!assigning) return <Buttons {...props} assignButton={assignButton} assign={() => setAssigning(true)} />;
  const done = (): void => {
    setAssigning(false);
    setReturned(returned + 1);
  };
  return <AssignForm ticket={ticket} id={`assign-${within}-${ticket.key}`} done={done} />;
}

function Buttons(
  props: CardActionsProps & {
    readonly assignButton: { current: HTMLButtonElement | null };
    readonly assign: () => void;
  },
): VNode {
  const app = useApp();
  const { ticket, assignButton, assign: openForm } = props;
  const { id } = ticket;
  const closed = ticket.status === "closed";
  const subject = isolated(ticket.subject);
  const of = <span class="for-readers"> {subject}</span>;
  const removeAndLeave = (): void => {
    remove(app, ticket);
    app.navigation.close({ view: "ticket", id });
  };
  return (
    <div class="card-actions" role="group" aria-label={`Actions for ${subject}`}>
      <button ref={assignButton} type="button" onClick={openForm}>
        Assign{of}
      </button>
      <button type="button" onClick={() => void (closed ? reopen(app, ticket) : close(app, ticket))}>
        <span class="steady" data-longest="Reopen">
          {closed ? "Reopen" : "Close"}
        </span>
        {of}
      </button>
      <button type="button" aria-haspopup="dialog" onClick={() => app.navigation.open({ view: "edit", id })}>
        Edit{of}
      </button>
      <button type="button" class="quiet" onClick={removeAndLeave}>
        Delete{of}
      </button>
    </div>
  );
}

function AssignForm(props: {
  readonly ticket: ShownTicket;
  readonly id: string;
  readonly done: () => void;
}): VNode {
  const { ticket, id, done } = props;
  const app = useApp();
  // The ticket when the form was opened, so that concurrent changes of other users are not overwritten.
  const [seen] = useState(ticket);
  const [name, setName] = useState(ticket.assignee);
  const form = useRef<HTMLFormElement>(null);
  // Selects before the user can type. Otherwise the selection would include typed text, and the next key would replace it.
  useLayoutEffect(() => form.current?.querySelector("input")?.select(), []);
  return (
    <form
      ref={form}
      class="card-actions assign-form"
      aria-label={`Assign ${isolated(ticket.subject)}`}
      onSubmit={(event) => {
        event.preventDefault();
        void assign(app, seen, name);
        done();
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        // In a dialog, Escape closes the form, not the dialog.
        event.preventDefault();
        done();
      }}
    >
      <AssigneeInput id={id} aria-label="Assignee" placeholder="Unassigned" value={name} onType={setName} />
      <button type="submit">Assign</button>
      <button type="button" class="quiet" onClick={done}>
        Cancel
      </button>
    </form>
  );
}
