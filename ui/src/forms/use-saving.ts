import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { FieldError, TEXT_FIELDS, TICKET_ATTRIBUTES, TICKET_FIELDS, TicketFields } from "../data/api-types";
import { ApiProblem } from "../data/errors";
import { isBlank } from "../data/field-normalization";
import { writeErrorText } from "../data/messages";
import { useApp } from "../app-context";

/** What is wrong, by field. */
export type FieldErrors = Readonly<Partial<Record<keyof TicketFields, string>>>;

/** How saving a form goes. */
export interface Saving {
  /** To be given to the form. */
  readonly form: RefObject<HTMLFormElement | null>;
  readonly busy: boolean;
  readonly errors: FieldErrors;
  /** What is wrong besides the fields. */
  readonly problem: string | undefined;
  /**
   * Saves, unless it is being saved already. What the task throws is shown; a wrong field gets the focus.
   * @param values what the fields hold; nothing is sent while something is wrong with them.
   */
  readonly save: (values: TicketFields, task: () => Promise<void>) => Promise<void>;
  /** Takes away what was said about a field, because it was changed. */
  readonly clearError: (field: keyof TicketFields) => void;
}

interface Outcome {
  readonly errors: FieldErrors;
  readonly problem?: string;
}

/** The state of a form that is saved over the network. */
export function useSaving(): Saving {
  const { config } = useApp();
  const form = useRef<HTMLFormElement>(null);
  const running = useRef(false);
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>({ errors: {} });
  const { errors, problem } = outcome;

  // Errors are in the form only after it was drawn with them.
  const [refusals, setRefusals] = useState(0);
  useEffect(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus(), [refusals]);

  async function save(values: TicketFields, task: () => Promise<void>): Promise<void> {
    if (running.current) return;
    const missing = missingOf(values);
    if (Object.keys(missing).length > 0) {
      setOutcome({ errors: missing });
      return setRefusals((count) => count + 1);
    }
    running.current = true;
    setBusy(true);
    setOutcome({ errors: {} });
    try {
      await task();
    } catch (error) {
      setOutcome(outcomeOf(error, (unknown) => writeErrorText(unknown, config.apis)));
      setRefusals((count) => count + 1);
    } finally {
      running.current = false;
      setBusy(false);
    }
  }

  function clearError(field: keyof TicketFields): void {
    setOutcome((known) => ({ ...known, errors: { ...known.errors, [field]: undefined } }));
  }

  return { form, busy, errors, problem, save, clearError };
}

/** The errors of required texts that are blank. */
function missingOf(values: TicketFields): FieldErrors {
  const errors = TEXT_FIELDS.flatMap((field) => {
    const { required } = TICKET_ATTRIBUTES[field];
    return required !== undefined && isBlank(values[field]) ? [[field, required]] : [];
  });
  return Object.fromEntries(errors) as FieldErrors;
}

function outcomeOf(error: unknown, describe: (error: unknown) => string): Outcome {
  const fieldErrors = error instanceof ApiProblem ? error.problem.errors : [];
  if (fieldErrors.length === 0) return { errors: {}, problem: describe(error) };
  const elsewhere = fieldErrors.filter((fieldError) => !isTicketField(fieldError));
  const errors: Partial<Record<keyof TicketFields, string>> = {};
  for (const { field, detail } of fieldErrors.filter(isTicketField)) errors[field] ??= detail;
  return { errors, problem: elsewhere.map(({ field, detail }) => `${field}: ${detail}`).join(" ") };
}

function isTicketField(error: FieldError): error is FieldError & { readonly field: keyof TicketFields } {
  return TICKET_FIELDS.some((field) => field === error.field);
}
