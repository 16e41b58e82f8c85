import { FieldError, invalidRequest, problem } from "../problem";
import { PRIORITIES, STATUSES, TicketFields } from "./ticket";

/** The largest request body, in bytes. */
export const MAXIMUM_BODY_BYTES = 64 * 1024;

/** The rule of one field: a text of so many characters, or one of some values. */
type FieldRule =
  | { readonly minimum: number; readonly maximum: number; readonly initial?: string }
  | { readonly oneOf: readonly string[]; readonly initial: string };

const RULES: Readonly<Record<keyof TicketFields, FieldRule>> = {
  subject: { minimum: 1, maximum: 200 },
  description: { minimum: 0, maximum: 5000, initial: "" },
  customer: { minimum: 0, maximum: 200, initial: "" },
  assignee: { minimum: 0, maximum: 100, initial: "" },
  priority: { oneOf: PRIORITIES, initial: "medium" },
  status: { oneOf: STATUSES, initial: "open" },
};

/**
 * The fields of a new ticket, with defaults for those left out.
 * @throws Problem 400 with every wrong field, 413 when the body is too large.
 */
export function newTicketFields(body: string): TicketFields {
  const given = parseObject(body);
  const defaults = Object.fromEntries(Object.entries(RULES).map(([name, rule]) => [name, rule.initial]));
  return checked({ ...defaults, ...given }) as unknown as TicketFields;
}

/**
 * The fields that an edit changes: at least one.
 * @throws Problem 400 with every wrong field, 413 when the body is too large.
 */
export function changedTicketFields(body: string): Partial<TicketFields> {
  const given = parseObject(body);
  if (Object.keys(given).length === 0)
    throw problem(
      400,
      "The request is not valid",
      `Nothing to change: give at least one of ${fieldNames()}.`,
    );
  return checked(given);
}

function parseObject(body: string): Record<string, unknown> {
  const bytes = Buffer.byteLength(body);
  if (bytes > MAXIMUM_BODY_BYTES)
    throw problem(
      413,
      "The request body is too large",
      `The body has ${bytes} bytes; at most ${MAXIMUM_BODY_BYTES} are allowed.`,
    );
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    throw problem(
      400,
      "The body is not JSON",
      `The body must be a JSON object: ${(error as Error).message}.`,
    );
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw problem(
      400,
      "The body is not a JSON object",
      `The body must be a JSON object with ${fieldNames()}.`,
    );
  return value as Record<string, unknown>;
}

function checked(given: Record<string, unknown>): Partial<TicketFields> {
  const errors: FieldError[] = [];
  for (const [field, value] of Object.entries(given)) {
    const detail = Object.hasOwn(RULES, field)
      ? wrongWith(RULES[field as keyof TicketFields], value)
      : `There is no such field; the fields are ${fieldNames()}.`;
    if (detail) errors.push({ field, detail });
  }
  if (errors.length > 0) throw invalidRequest(errors);
  return given;
}

function wrongWith(rule: FieldRule, value: unknown): string | undefined {
  if ("oneOf" in rule)
    return typeof value === "string" && rule.oneOf.includes(value)
      ? undefined
      : `Must be one of ${rule.oneOf.map((allowed) => JSON.stringify(allowed)).join(", ")}.`;
  if (value === undefined) return "Is required.";
  if (typeof value !== "string") return `Must be a text of ${rule.minimum} to ${rule.maximum} characters.`;
  if (!value.isWellFormed()) return "Must be well-formed Unicode: it has half of a surrogate pair.";
  const length = [...value].length;
  if (length > rule.maximum) return `Has ${length} characters; at most ${rule.maximum} are allowed.`;
  if (rule.minimum > 0 && value.trim() === "") return "Must not be empty.";
  return undefined;
}

function fieldNames(): string {
  return Object.keys(RULES).join(", ");
}
