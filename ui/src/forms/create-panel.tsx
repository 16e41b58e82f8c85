import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { TicketDraft, TicketFields } from "../data/api-types";
import { matches } from "../data/listing";
import { drafts } from "../drafts";
import { usePage } from "../page-context";
import { FormFoot } from "./form-foot";
import { TicketFieldInputs } from "./ticket-fields";
import { useSaving } from "./use-saving";

const EMPTY: TicketFields = {
  subject: "",
  description: "",
  customer: "",
  assignee: "",
  priority: "medium",
  status: "open",
};
const DRAFT = "new-ticket";

/** The form that creates tickets. What is typed in it outlives a reload of the page. */
export function CreatePanel(): VNode {
  const { store, notices } = usePage();
  const [values, setValues] = useState<TicketFields>(() => ({
    ...EMPTY,
    ...drafts.read<TicketFields>(DRAFT),
  }));
  // A wide window has room for the form; on a phone it would stand between the reader and the tickets.
  const [open] = useState(() => drafts.read(DRAFT) !== undefined || matchMedia("(min-width: 60rem)").matches);
  const { form, busy, errors, problem, save, forget } = useSaving();

  function change<F extends keyof TicketFields>(field: F, value: TicketFields[F]): void {
    const next = { ...values, [field]: value };
    setValues(next);
    drafts.write(DRAFT, next);
    forget(field);
  }

  async function create(): Promise<void> {
    const ticket = await store.create(draftOf(values));
    drafts.drop(DRAFT);
    setValues(EMPTY);
    const hidden = matches(ticket, store.filter.peek()) ? "" : " The filter hides it.";
    notices.say(`Created “${ticket.subject}”.${hidden}`);
    form.current?.querySelector("input")?.focus();
  }

  return (
    <details class="panel" open={open}>
      <summary>
        <h2>New ticket</h2>
      </summary>
      <form
        ref={form}
        noValidate
        aria-label="New ticket"
        onSubmit={(event) => {
          event.preventDefault();
          void save(create);
        }}
      >
        <TicketFieldInputs
          prefix="new"
          values={values}
          errors={errors}
          busy={busy}
          withStatus={false}
          onChange={change}
        />
        <FormFoot label="Create ticket" busy={busy} problem={problem} />
      </form>
    </details>
  );
}

/** Somebody has a ticket that is made with an assignee. */
function draftOf(values: TicketFields): TicketDraft {
  const assignee = values.assignee.trim();
  return { ...values, assignee, status: assignee === "" ? "open" : "assigned" };
}
