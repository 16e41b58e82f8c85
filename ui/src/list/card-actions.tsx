import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { ShownTicket } from "../data/store";
import { AssigneeInput } from "../forms/assignee-input";
import { usePage } from "../page-context";
import { assign, close, remove, reopen } from "./ticket-actions";

/** What can be done with a ticket. The form that assigns it takes the place of the buttons. */
export function CardActions({ ticket }: { readonly ticket: ShownTicket }): VNode {
  const [assigning, setAssigning] = useState(false);
  const [returned, setReturned] = useState(0);
  const assignButton = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (returned > 0) assignButton.current?.focus();
  }, [returned]);
  if (!assigning)
    return <Buttons ticket={ticket} assignButton={assignButton} assign={() => setAssigning(true)} />;
  const done = (): void => {
    setAssigning(false);
    setReturned(returned + 1);
  };
  return <AssignForm ticket={ticket} done={done} />;
}

function Buttons(props: {
  readonly ticket: ShownTicket;
  readonly assignButton: { current: HTMLButtonElement | null };
  readonly assign: () => void;
}): VNode {
  const page = usePage();
  const { ticket, assignButton } = props;
  const closed = ticket.status === "closed";
  const of = <span class="for-readers"> {ticket.subject}</span>;
  // A ticket that is being created has no id to do anything with.
  const unless = (act: () => unknown) => () => void (ticket.creating || act());
  return (
    <div class="card-actions" role="group" aria-label={`Actions for ${ticket.subject}`}>
      <button ref={assignButton} type="button" aria-disabled={ticket.creating} onClick={unless(props.assign)}>
        Assign{of}
      </button>
      <button
        type="button"
        aria-disabled={ticket.creating}
        onClick={unless(() => (closed ? reopen(page, ticket) : close(page, ticket)))}
      >
        <span class="steady" data-longest="Reopen">
          {closed ? "Reopen" : "Close"}
        </span>
        {of}
      </button>
      <button
        type="button"
        aria-disabled={ticket.creating}
        aria-haspopup="dialog"
        onClick={unless(() => (page.edited.value = ticket))}
      >
        Edit{of}
      </button>
      <button
        type="button"
        class="quiet"
        aria-disabled={ticket.creating}
        onClick={unless(() => remove(page, ticket))}
      >
        Delete{of}
      </button>
    </div>
  );
}

function AssignForm({ ticket, done }: { readonly ticket: ShownTicket; readonly done: () => void }): VNode {
  const page = usePage();
  // What others do while the form stands open is not overwritten unseen.
  const [seen] = useState(ticket);
  const [name, setName] = useState(ticket.assignee);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector("input")?.select(), []);
  return (
    <form
      ref={form}
      class="card-actions assign-form"
      aria-label={`Assign ${ticket.subject}`}
      onSubmit={(event) => {
        event.preventDefault();
        void assign(page, seen, name);
        done();
      }}
      onKeyDown={(event) => event.key === "Escape" && done()}
    >
      <AssigneeInput
        id={`assign-${ticket.key}`}
        aria-label="Assignee"
        placeholder="Nobody"
        value={name}
        onType={setName}
      />
      <button type="submit">Assign</button>
      <button type="button" class="quiet" onClick={done}>
        Cancel
      </button>
    </form>
  );
}
