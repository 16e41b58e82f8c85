import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Status, STATUSES, TicketFilter } from "../data/api-types";
import { trimmed } from "../data/field-normalization";
import { AssigneeInput } from "../forms/assignee-input";
import { useApp } from "../app-context";
import { capitalized } from "../words";

/** Chooses which tickets are listed: by status, and by who has them. */
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

/** A name that is written out or chosen, everybody when it is empty, or the tickets that nobody has. */
function AssigneeFilter({ filter }: { readonly filter: TicketFilter }): VNode {
  const { navigation } = useApp();
  const { assignee } = filter;
  const [text, setText] = useState(assignee ?? "");
  useEffect(() => setText(assignee ?? ""), [assignee]);
  const nobody = assignee === "";
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
        placeholder={nobody ? "Unassigned" : "Anyone"}
        value={text}
        onType={setText}
        // An empty field that is left alone keeps "nobody".
        onChoose={(name) => (name !== "" || !nobody) && show(trimmed(name) || undefined)}
      />
      <button type="button" aria-pressed={nobody} onClick={() => show(nobody ? undefined : "")}>
        Unassigned
      </button>
    </form>
  );
}
