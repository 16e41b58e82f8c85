import { DEFAULT_FIELDS, TEXT_FIELDS, TICKET_FIELDS, TicketField, TicketFields } from "./api-types";

/** White space, control and format characters (zero-width ones too), and letters that are drawn as nothing. */
const INVISIBLE = /^[\s\p{Z}\p{Cc}\p{Cf}\u115F\u1160\u2800\u3164\uFFA0]*$/u;

/** Whether a text has no visible character. */
export function isBlank(text: string): boolean {
  return INVISIBLE.test(text);
}

/** The text without white space around it; empty when it is blank. */
export function trimmed(text: string): string {
  return isBlank(text) ? "" : text.trim();
}

/** Ticket fields as they are sent: texts without white space around them, blank ones empty. */
export function normalized<T extends Partial<TicketFields>>(fields: T): T {
  const texts = TEXT_FIELDS.flatMap((field) => {
    const value = fields[field];
    return value === undefined ? [] : [[field, trimmed(value)] as const];
  });
  return { ...fields, ...Object.fromEntries(texts) };
}

/** Ticket fields as they are shown: what is blank or missing has the value of a ticket with nothing entered. */
export function displayable<T extends TicketFields>(fields: T): T {
  const isHidden = (field: TicketField): boolean =>
    typeof fields[field] !== "string" || isBlank(fields[field]);
  const hidden = TICKET_FIELDS.filter(isHidden);
  return hidden.length === 0
    ? fields
    : { ...fields, ...Object.fromEntries(hidden.map((field) => [field, DEFAULT_FIELDS[field]])) };
}
