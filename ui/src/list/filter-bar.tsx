import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Status, STATUSES, TicketFilter } from "../data/api-types";
import { trimmed } from "../data/field-normalization";
import { AssigneeInput } from "../forms/assignee-input";
import { useApp } from "../app-context";
import { capitalized } from "../field-value";

/** Filters of the list: status and assignee. */
export function FilterBar({ filter }: { readonly filter: TicketFilter }): VNode {
  return (
    <div class="filter" role="search" aria-label="Filter the tickets">
      <AssigneeFilter filter={filter} />
      <StatusFilter filter={filter} />
    </div>
  );
}

function StatusFilter({ filter }: { readonly filter: TicketFilter }): VNode {
  const { navigation } = useApp();
  const button = (status: Status | undefined, label: string): VNode => (
    <button
      key={label}
      type="button"
      aria-pressed={filter.status === status}
      onClick={() => navigation.filter({ ...filter, status })}
    >
      {label}
    </button>
  );
  return (
    <div class="segments" role="group" aria-label="By status">
      {button(undefined, "All")}
      {STATUSES.map((status) => button(status, capitalized(status)))}
    </div>
  );
}

/** Filter by assignee: a name, any assignee when the field is empty, or unassigned tickets. */
function AssigneeFilter({ filter }: { readonly filter: TicketFilter }): VNode {
  const { navigation } = useApp();
  const { assignee } = filter;
  const [text, setText] = useState(assignee ?? "");
  useEffect(() => setText(assignee ?? ""), [assignee]);
  const isUnassigned = assignee === "";
  const show = (wanted: string | undefined): void => {
    if (wanted !== assignee) navigation.filter({ ...filter, assignee: wanted });
  };
  return (
    <form
      class="assignee-filter"
      onSubmit={(event) => {
        event.preventDefault();
        show(trimmed(text) || undefined);
      }}
    >
      <label for="filter-assignee">Assignee</label>
      <AssigneeInput
        id="filter-assignee"
        placeholder={isUnassigned ? "Unassigned" : "Anyone"}
        value={text}
        onType={setText}
        // Leaving the empty field keeps the filter for unassigned tickets.
        onChoose={(name) => (name !== "" || !isUnassigned) && show(trimmed(name) || undefined)}
      />
      <button type="button" aria-pressed={isUnassigned} onClick={() => show(isUnassigned ? undefined : "")}>
        Unassigned
      </button>
    </form>
  );
}
