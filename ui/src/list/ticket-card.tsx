import type { VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { ShownTicket } from "../data/store";
import { nameOfCode } from "../data/wording";
import { usePage } from "../page-context";
import { RelativeTime } from "../relative-time";
import { capitalized } from "../words";
import { CardActions } from "./card-actions";
import { Description } from "./description";

/** One ticket of the list. What comes and goes on it lies over its edges, so that nothing moves. */
export function TicketCard({ ticket }: { readonly ticket: ShownTicket }): VNode {
  const { key, subject, status, priority, description, saving, hasConflict } = ticket;
  const ref = useFocusKept(ticket);
  return (
    <li
      ref={ref}
      class="card"
      data-status={status}
      aria-busy={saving}
      tabIndex={-1}
      aria-labelledby={`subject-${key}`}
    >
      <article>
        <header class="card-header">
          <h3 id={`subject-${key}`}>{subject}</h3>
          <p class="chip" data-status={status}>
            {capitalized(status)}
          </p>
          <p class="chip" data-priority={priority}>
            {capitalized(priority)}
            <span class="for-readers"> priority</span>
          </p>
        </header>
        {description !== "" && <Description text={description} />}
        <div class="card-foot">
          <Facts ticket={ticket} />
          <CardActions ticket={ticket} />
        </div>
      </article>
      {hasConflict && <ConflictBadge ticket={ticket} />}
      <CardProblem id={ticket.id} />
    </li>
  );
}

/** A card that goes away leaves the focus to its neighbour; one that comes back after an undo takes it. */
function useFocusKept({ id }: ShownTicket): { readonly current: HTMLLIElement | null } {
  const { returning } = usePage();
  const ref = useRef<HTMLLIElement>(null);
  useLayoutEffect(() => {
    const card = ref.current;
    if (returning.peek() === id) {
      returning.value = undefined;
      card?.focus();
    }
    return () => {
      if (!card?.contains(document.activeElement)) return;
      const neighbour = card.nextElementSibling ?? card.previousElementSibling;
      (neighbour instanceof HTMLElement ? neighbour : document.getElementById("tickets"))?.focus();
    };
  }, []);
  return ref;
}

function Facts({ ticket }: { readonly ticket: ShownTicket }): VNode {
  const { config } = usePage();
  const { customer, assignee, origin, createdAt, creating } = ticket;
  return (
    <dl class="facts">
      <Fact name="Assignee">{assignee === "" ? <span class="nobody">Nobody</span> : assignee}</Fact>
      {customer !== "" && <Fact name="Customer">{customer}</Fact>}
      <Fact name="Created">
        <RelativeTime iso={createdAt} />
      </Fact>
      {!creating && <Fact name="Written in">{nameOfCode(origin, config.apis)}</Fact>}
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: VNode | string }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function ConflictBadge({ ticket: { id, subject } }: { readonly ticket: ShownTicket }): VNode {
  const { compared } = usePage();
  return (
    <button class="conflict-badge" type="button" aria-haspopup="dialog" onClick={() => (compared.value = id)}>
      Conflict<span class="for-readers"> in {subject}: compare both versions</span>
    </button>
  );
}

function CardProblem({ id }: { readonly id: string }): VNode | null {
  const { problems } = usePage();
  const text = problems.shown.value.get(id);
  if (text === undefined) return null;
  const dismiss = (event: Event): void => {
    const card = (event.currentTarget as HTMLElement).closest<HTMLElement>(".card");
    problems.dismiss(id);
    card?.focus();
  };
  return (
    <div class="card-problem" role="alert">
      <p>{text}</p>
      <button type="button" onClick={dismiss}>
        OK
      </button>
    </div>
  );
}
