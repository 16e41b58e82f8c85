import type { VNode } from "preact";
import type { ShownTicket } from "../data/store";
import { nameOfCode } from "../data/wording";
import { usePage } from "../page-context";
import { RelativeTime } from "../relative-time";
import { UserText } from "../user-text";

/**
 * What is to know about a ticket besides its texts. Those that every ticket has come first, so that they align from card to card.
 * @param full whether everything is shown, and not only what the list needs.
 */
export function Facts({ ticket, full }: { readonly ticket: ShownTicket; readonly full?: boolean }): VNode {
  const { config } = usePage();
  const { id, customer, assignee, origin, createdAt, updatedAt, creating } = ticket;
  return (
    <dl class="facts">
      <Fact name="Assignee">
        {assignee === "" ? <span class="nobody">Nobody</span> : <UserText>{assignee}</UserText>}
      </Fact>
      <Fact name="Created">
        <RelativeTime iso={createdAt} />
      </Fact>
      <Fact name="Written in">{creating ? "–" : nameOfCode(origin, config.apis)}</Fact>
      {customer !== "" && (
        <Fact name="Customer">
          <UserText>{customer}</UserText>
        </Fact>
      )}
      {full && (
        <>
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

function Fact({ name, children }: { readonly name: string; readonly children: VNode | string }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
