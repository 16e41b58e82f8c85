import type { VNode } from "preact";
import { Conflict, Ticket, TICKET_FIELDS, TicketFields } from "../data/api-types";
import { nameOfCode } from "../data/wording";
import { usePage } from "../page-context";
import { RelativeTime } from "../relative-time";
import { capitalized, FIELD_LABELS } from "../words";

/** What both versions of a ticket are compared by. */
export interface ComparisonProps {
  readonly ticket: Ticket;
  readonly conflict: Conflict;
  readonly keep: (which: "current" | "losing") => void;
}

/** Both versions of a ticket side by side, field by field. */
export function Comparison({ ticket, conflict, keep }: ComparisonProps): VNode {
  const { losing } = conflict;
  const theirs = "deleted" in losing ? undefined : losing;
  const differs = (field: keyof TicketFields): boolean =>
    theirs !== undefined && ticket[field] !== theirs[field];
  return (
    <div class="comparison">
      <section class="version" aria-labelledby="version-current">
        <VersionHeader id="version-current" title="As it is" origin={ticket.origin} at={ticket.updatedAt} />
        <FieldList fields={ticket} differs={differs} />
        <KeepButton of="version-current" keep={() => keep("current")} />
      </section>
      <section class="version" aria-labelledby="version-losing">
        <VersionHeader
          id="version-losing"
          title="What lost"
          origin={conflict.losingOrigin}
          at={theirs?.updatedAt ?? conflict.at}
        />
        {theirs ? (
          <FieldList fields={theirs} differs={differs} />
        ) : (
          <p class="deleted">The ticket was deleted there. Keeping this deletes it.</p>
        )}
        <KeepButton of="version-losing" keep={() => keep("losing")} />
      </section>
    </div>
  );
}

function VersionHeader(props: {
  readonly id: string;
  readonly title: string;
  /** AWS code of the region of the write. */
  readonly origin: string;
  readonly at: string;
}): VNode {
  const { config } = usePage();
  return (
    <header>
      <h3 id={props.id}>{props.title}</h3>
      <p class="hint">
        {nameOfCode(props.origin, config.apis)}, <RelativeTime iso={props.at} />
      </p>
    </header>
  );
}

function FieldList(props: {
  readonly fields: TicketFields;
  readonly differs: (field: keyof TicketFields) => boolean;
}): VNode {
  const { fields, differs } = props;
  return (
    <dl class="version-fields">
      {TICKET_FIELDS.map((field) => (
        <div key={field} class={differs(field) ? "differs" : undefined}>
          <dt>
            {FIELD_LABELS[field]}
            {differs(field) && <span class="mark"> differs</span>}
          </dt>
          <dd>{wordsOf(field, fields)}</dd>
        </div>
      ))}
    </dl>
  );
}

function wordsOf(field: keyof TicketFields, fields: TicketFields): string {
  const value = fields[field];
  if (value === "") return field === "assignee" ? "Nobody" : "–";
  return field === "priority" || field === "status" ? capitalized(value) : value;
}

function KeepButton({ of, keep }: { readonly of: string; readonly keep: () => void }): VNode {
  return (
    <button type="button" class="primary" aria-describedby={of} onClick={keep}>
      Keep this one
    </button>
  );
}
