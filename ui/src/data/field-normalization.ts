import { withDerivedStatus as withStatusOfApi } from "../../../functions/tickets/field-rules";
import {
  DEFAULT_FIELDS,
  TEXT_FIELDS,
  TICKET_FIELDS,
  TicketChanges,
  TicketField,
  TicketFields,
} from "./api-types";

/** White space, control and format characters including zero-width ones, and letters without a visible glyph. */
const INVISIBLE = /^[\s\p{Z}\p{Cc}\p{Cf}\u115F\u1160\u2800\u3164\uFFA0]*$/u;

/** Returns whether a text has no visible character. */
export function isBlank(text: string): boolean {
  return INVISIBLE.test(text);
}

/** Returns a text without leading and trailing white space; empty when it is blank. */
export function trimmed(text: string): string {
  return isBlank(text) ? "" : text.trim();
}

/** Returns ticket fields in the form in which they are sent, with trimmed texts. */
export function normalized<T extends Partial<TicketFields>>(fields: T): T {
  const texts = TEXT_FIELDS.flatMap((field) => {
    const value = fields[field];
    return value === undefined ? [] : [[field, trimmed(value)] as const];
  });
  return { ...fields, ...Object.fromEntries(texts) };
}

/** Returns ticket fields in the form in which they are shown: blank and missing ones have their default values. */
export function displayable<T extends TicketFields>(fields: T): T {
  const isHidden = (field: TicketField): boolean =>
    typeof fields[field] !== "string" || isBlank(fields[field]);
  const hidden = TICKET_FIELDS.filter(isHidden);
  return hidden.length === 0
    ? fields
    : { ...fields, ...Object.fromEntries(hidden.map((field) => [field, DEFAULT_FIELDS[field]])) };
}

/**
 * Adds the status that follows from changes. Uses the rule of the API, so that the web UI shows the status before the response.
 * @param read current ticket; empty for a new one.
 */
export function withDerivedStatus<T extends TicketChanges>(
  changes: T,
  read: Partial<Pick<TicketFields, "status" | "assignee">>,
): T {
  // A new ticket is open by default.
  const { status } = withStatusOfApi(changes, { status: "open", ...read });
  return status === undefined ? changes : { ...changes, status };
}
