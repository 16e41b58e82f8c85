import { signal } from "@preact/signals";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { DEFAULT_FIELDS, TicketFields } from "../data/api-types";
import { isolated } from "../data/bidi";
import { matchesFilter } from "../data/listing";
import { writeErrorText } from "../data/messages";
import { drafts } from "./drafts";
import { useApp } from "../app-context";
import { FormFoot } from "./form-foot";
import { TicketFieldInputs } from "./ticket-fields";
import { useSaving } from "./use-saving";

const DRAFT = "new-ticket";
const OVERLAY = { view: "new" } as const;

/** Whether the window is wide enough for the form next to the list. */
const isWide = signal(true);
const wide = matchMedia("(min-width: 60rem)");
isWide.value = wide.matches;
wide.addEventListener("change", () => (isWide.value = wide.matches));

/**
 * Form for new tickets. Its input survives a reload. In a narrow window the form is collapsed, so that the list is visible;
 * Back closes it.
 */
export function CreatePanel(): VNode {
  const { store, notices, navigation, config } = useApp();
  const [values, setValues] = useState<TicketFields>(() => ({
    ...DEFAULT_FIELDS,
    ...drafts.read<TicketFields>(DRAFT),
  }));
  const { form, busy, errors, problem, save, clearError } = useSaving();
  const isShown = (): boolean => isWide.peek() || navigation.route.peek().overlay?.view === "new";

  function change<F extends keyof TicketFields>(field: F, value: TicketFields[F]): void {
    const next = { ...values, [field]: value };
    setValues(next);
    drafts.write(DRAFT, next);
    clearError(field);
  }

  async function create(): Promise<void> {
    try {
      const ticket = await store.create(values);
      drafts.remove(DRAFT);
      setValues(DEFAULT_FIELDS);
      const hidden = matchesFilter(ticket, store.filter.peek()) ? "" : " The filter hides it.";
      notices.show(`Created “${isolated(ticket.subject)}”.${hidden}`);
    } catch (error) {
      if (!isShown())
        notices.showProblem(`“${isolated(values.subject)}”: ${writeErrorText(error, config.apis)}`);
      throw error;
    }
    if (isWide.peek()) form.current?.querySelector("input")?.focus();
    else {
      navigation.close(OVERLAY);
      document.getElementById("tickets")?.focus();
    }
  }

  const content = (
    <form
      ref={form}
      noValidate
      aria-label="New ticket"
      onSubmit={(event) => {
        event.preventDefault();
        void save(values, create);
      }}
    >
      <TicketFieldInputs
        prefix="new"
        values={values}
        errors={errors}
        busy={busy}
        isEdit={false}
        onChange={change}
      />
      <FormFoot label="Create ticket" busy={busy} problem={problem} />
    </form>
  );
  if (isWide.value)
    return (
      <section class="panel">
        <h2>New ticket</h2>
        {content}
      </section>
    );
  const open = navigation.route.value.overlay?.view === "new";
  return (
    <details class="panel" open={open}>
      <summary
        onClick={(event) => {
          // The URL decides whether the form is open.
          event.preventDefault();
          if (open) navigation.close(OVERLAY);
          else navigation.open(OVERLAY);
        }}
      >
        <h2>New ticket</h2>
      </summary>
      {content}
    </details>
  );
}
