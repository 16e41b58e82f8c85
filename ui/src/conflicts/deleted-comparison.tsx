import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { Conflict, TICKET_ATTRIBUTES, TICKET_FIELDS, TicketFields } from "../data/api-types";
import { nameOfCode, writeErrorText } from "../data/messages";
import { useApp } from "../app-context";
import { FieldValue } from "../field-value";

/** Change that lost to a delete. A deleted ticket cannot be changed, so the user can create a new ticket from the change. */
export function DeletedComparison(props: { readonly conflict: Conflict; readonly close: () => void }): VNode {
  const { store, notices, config } = useApp();
  const { conflict, close } = props;
  const { losing, losingOrigin } = conflict;
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  if ("deleted" in losing) return <p class="list-note">The ticket is deleted in both versions.</p>;

  async function restore(fields: TicketFields): Promise<void> {
    if (busy) return;
    setBusy(true);
    setProblem(undefined);
    try {
      await store.create(
        Object.fromEntries(TICKET_FIELDS.map((field) => [field, fields[field]])) as TicketFields,
      );
      notices.show("Created a new ticket from the change that lost.");
      close();
    } catch (error) {
      setProblem(writeErrorText(error, config.apis));
    } finally {
      setBusy(false);
    }
  }

  return (
    <section class="preview" aria-labelledby="deleted-title">
      <h3 id="deleted-title">
        The ticket was deleted. This change from {nameOfCode(losingOrigin, config.apis)} lost the conflict
      </h3>
      <dl>
        {TICKET_FIELDS.map((field) => (
          <div key={field}>
            <dt>{TICKET_ATTRIBUTES[field].label}</dt>
            <dd>
              <FieldValue field={field} fields={losing} />
            </dd>
          </div>
        ))}
      </dl>
      <p class="problem" role="alert">
        {problem}
      </p>
      <button type="button" class="primary" aria-disabled={busy} onClick={() => void restore(losing)}>
        {busy ? "Creating…" : "Create a new ticket from this change"}
      </button>
    </section>
  );
}
