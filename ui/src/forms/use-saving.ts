import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { FieldError, TEXT_FIELDS, TICKET_ATTRIBUTES, TICKET_FIELDS, TicketFields } from "../data/api-types";
import { ApiProblem } from "../data/errors";
import { isBlank } from "../data/field-normalization";
import { writeErrorText } from "../data/messages";
import { useApp } from "../app-context";

/** Errors by field. */
export type FieldErrors = Readonly<Partial<Record<keyof TicketFields, string>>>;

/** State of a form that is saved over the network. */
export interface Saving {
  /** Ref for the form element. */
  readonly form: RefObject<HTMLFormElement | null>;
  readonly busy: boolean;
  readonly errors: FieldErrors;
  /** Error that concerns no field. */
  readonly problem: string | undefined;
  /**
   * Saves the form unless it is being saved already. Shows the error that the task throws, and focuses the first invalid field.
   * @param values field values. The task does not run while a required field is blank.
   */
  readonly save: (values: TicketFields, task: () => Promise<void>) => Promise<void>;
  /** Removes the error of a field, because the user changed the field. */
  readonly clearError: (field: keyof TicketFields) => void;
}

interface Outcome {
  readonly errors: FieldErrors;
  readonly problem?: string;
}

/** Provides the state of a form that is saved over the network. */
export function useSaving(): Saving {
  const { config } = useApp();
  const form = useRef<HTMLFormElement>(null);
  const running = useRef(false);
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>({ errors: {} });
  const { errors, problem } = outcome;

  // The invalid fields are marked only after the form was rendered with the errors.
  const [failures, setFailures] = useState(0);
  useEffect(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus(), [failures]);

  async function save(values: TicketFields, task: () => Promise<void>): Promise<void> {
    if (running.current) return;
    const missing = missingOf(values);
    if (Object.keys(missing).length > 0) {
      setOutcome({ errors: missing });
      return setFailures((count) => count + 1);
    }
    running.current = true;
    setBusy(true);
    setOutcome({ errors: {} });
    try {
      await task();
    } catch (error) {
      setOutcome(outcomeOf(error, (unknown) => writeErrorText(unknown, config.apis)));
      setFailures((count) => count + 1);
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

/** Returns the errors of required texts that are blank. */
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
