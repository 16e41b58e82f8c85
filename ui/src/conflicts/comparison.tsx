import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { Conflict, Ticket, TICKET_ATTRIBUTES, TICKET_FIELDS, TicketFields } from "../data/api-types";
import type { Resolution } from "../data/ticket-store";
import { changesOfResolution } from "../data/conflicts";
import { withDerivedStatus } from "../data/field-normalization";
import { nameOfCode } from "../data/messages";
import { FieldValue } from "../field-value";
import { useApp } from "../app-context";
import { RelativeTime } from "../relative-time";

type Side = "current" | "losing";
type Choice = Readonly<Partial<Record<keyof TicketFields, Side>>>;

/** Properties of the comparison of two versions. */
export interface ComparisonProps {
  readonly ticket: Ticket;
  readonly conflict: Conflict;
  readonly busy: boolean;
  readonly keep: (which: Resolution) => void;
}

/** Both versions of a ticket. The user keeps one version, or chooses a version for each differing field. */
export function Comparison({ ticket, conflict, busy, keep }: ComparisonProps): VNode {
  const { losing, losingOrigin, at } = conflict;
  const [choice, setChoice] = useState<Choice>({});
  const theirs = "deleted" in losing ? undefined : losing;
  const differing = theirs ? TICKET_FIELDS.filter((field) => ticket[field] !== theirs[field]) : [];
  const taken = differing.filter((field) => choice[field] === "losing");
  return (
    <div class="comparison">
      <div class="versions">
        <Version
          side="current"
          title="Current version"
          origin={ticket.origin}
          at={ticket.updatedAt}
          busy={busy}
          keep={() => keep("current")}
        />
        <Version
          side="losing"
          title="Other version"
          origin={losingOrigin}
          at={theirs?.updatedAt ?? at}
          busy={busy}
          keep={() => keep("losing")}
        >
          {theirs ? undefined : "The ticket was deleted there. Keeping this version deletes it."}
        </Version>
      </div>
      {theirs && differing.length === 0 && (
        <p class="list-note">
          Both versions now have equal content. Keep either one to resolve the conflict.
        </p>
      )}
      {theirs &&
        differing.map((field) => (
          <FieldChoice
            key={field}
            field={field}
            values={{ current: ticket, losing: theirs }}
            chosen={choice[field] ?? "current"}
            busy={busy}
            choose={(side) => setChoice({ ...choice, [field]: side })}
          />
        ))}
      {theirs && differing.length > 0 && (
        <Preview
          result={{ ...ticket, ...withDerivedStatus(changesOfResolution(ticket, theirs, taken), ticket) }}
          taken={taken}
          busy={busy}
          save={() => keep(taken.length === 0 ? "current" : taken)}
        />
      )}
    </div>
  );
}

function Version(props: {
  readonly side: Side;
  readonly title: string;
  /** AWS code of the region that accepted the write. */
  readonly origin: string;
  readonly at: string;
  readonly busy: boolean;
  readonly keep: () => void;
  readonly children?: string;
}): VNode {
  const { config } = useApp();
  const id = `version-${props.side}`;
  return (
    <section class="version" data-side={props.side} aria-labelledby={id}>
      <h3 id={id}>{props.title}</h3>
      <p class="hint">
        {nameOfCode(props.origin, config.apis)}, <RelativeTime iso={props.at} />
      </p>
      {props.children !== undefined && <p>{props.children}</p>}
      <button type="button" aria-disabled={props.busy} aria-describedby={id} onClick={props.keep}>
        Keep this version
      </button>
    </section>
  );
}

function FieldChoice(props: {
  readonly field: keyof TicketFields;
  readonly values: Readonly<Record<Side, TicketFields>>;
  readonly chosen: Side;
  readonly busy: boolean;
  readonly choose: (side: Side) => void;
}): VNode {
  const { field, values, chosen, busy, choose } = props;
  return (
    <fieldset class="field-choice">
      <legend>{TICKET_ATTRIBUTES[field].label}</legend>
      {(["current", "losing"] as const).map((side) => (
        <label key={side} class="option" data-side={side}>
          <input
            type="radio"
            name={`choice-${field}`}
            checked={chosen === side}
            aria-disabled={busy}
            onChange={() => !busy && choose(side)}
          />
          <span class="option-text">
            <span class="for-readers">{side === "current" ? "Current version: " : "Other version: "}</span>
            <FieldValue field={field} fields={values[side]} />
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function Preview(props: {
  readonly result: TicketFields;
  /** Fields taken from the other version. */
  readonly taken: readonly (keyof TicketFields)[];
  readonly busy: boolean;
  readonly save: () => void;
}): VNode {
  const { result, taken, busy, save } = props;
  return (
    <section class="preview" aria-labelledby="preview-title">
      <h3 id="preview-title">Result</h3>
      <dl>
        {TICKET_FIELDS.map((field) => (
          <div key={field} class={taken.includes(field) ? "taken" : undefined}>
            <dt>{TICKET_ATTRIBUTES[field].label}</dt>
            <dd>
              <FieldValue field={field} fields={result} />
            </dd>
          </div>
        ))}
      </dl>
      <button type="button" class="primary" aria-disabled={busy} onClick={save}>
        <span class="steady" data-longest="Save this result">
          {busy ? "Saving…" : "Save this result"}
        </span>
      </button>
    </section>
  );
}
