import type { VNode } from "preact";
import { TICKET_ATTRIBUTES, TICKET_FIELDS, TicketField } from "../data/api-types";
import type { ShownTicket } from "../data/ticket-store";
import { nameOfCode } from "../data/messages";
import { FieldValue } from "../field-value";
import { useApp } from "../app-context";
import { RelativeTime } from "../relative-time";

const IN_LIST = TICKET_FIELDS.filter((field) => TICKET_ATTRIBUTES[field].shown === "list");
const IN_VIEW = TICKET_FIELDS.filter((field) => TICKET_ATTRIBUTES[field].shown === "view");

/**
 * Facts about a ticket. Those that every ticket has come first, so that they align across cards.
 * @param full whether to show all facts, or only those of the list.
 */
export function Facts({ ticket, full }: { readonly ticket: ShownTicket; readonly full?: boolean }): VNode {
  const { config } = useApp();
  const { id, origin, createdAt, updatedAt, creating } = ticket;
  const factOf = (field: TicketField): VNode => (
    <Fact key={field} name={TICKET_ATTRIBUTES[field].label}>
      <FieldValue field={field} fields={ticket} />
    </Fact>
  );
  const isGiven = (field: TicketField): boolean => isInEveryTicket(field) || ticket[field] !== "";
  return (
    <dl class="facts">
      {IN_LIST.filter(isInEveryTicket).map(factOf)}
      <Fact name="Created">
        <RelativeTime iso={createdAt} />
      </Fact>
      <Fact name="Written in">{creating ? "–" : nameOfCode(origin, config.apis)}</Fact>
      {IN_LIST.filter((field) => !isInEveryTicket(field) && isGiven(field)).map(factOf)}
      {full && (
        <>
          {IN_VIEW.filter(isGiven).map(factOf)}
          <Fact name="Updated">
            <RelativeTime iso={updatedAt} />
          </Fact>
          <Fact name="Id">
            <code>{id}</code>
          </Fact>
        </>
      )}
    </dl>
  );
}

/** Returns whether a field has a text for every ticket, even when it is blank. */
function isInEveryTicket(field: TicketField): boolean {
  const attribute = TICKET_ATTRIBUTES[field];
  return attribute.kind === "choice" || attribute.whenBlank !== undefined;
}

function Fact({ name, children }: { readonly name: string; readonly children: VNode | string }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
