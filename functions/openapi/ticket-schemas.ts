import {
  DEFAULT_FIELDS,
  TextAttribute,
  TICKET_ATTRIBUTES,
  TICKET_FIELDS,
  TicketField,
} from "../tickets/ticket-attributes";
import type { Schema } from "./document";

/** Control characters as part of a regular expression. A text of several lines can have tabs and line ends. */
const CONTROLS = "\\u0000-\\u001f\\u007f-\\u009f";
const CONTROLS_BUT_LINE_ENDS = "\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f";
/** White space that is not a control character: `\s` without tab and line ends. */
const SPACES = " \\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff";

const RESOLVED_CONFLICT: Schema = {
  $ref: "#/components/schemas/Version",
  description: "Newest settled `losingVersion` of the ticket's conflicts.",
};

/** Returns the schemas of the OpenAPI document that follow from the ticket attributes, by name. */
function ticketSchemas(): Readonly<Record<string, Schema>> {
  return {
    ...Object.fromEntries(TICKET_FIELDS.map((field) => [schemaName(field), valueSchema(field)])),
    NewTicket: newTicket(),
    TicketChanges: ticketChanges(),
    Ticket: ticket(),
  };
}

/** Part of the OpenAPI document that this module replaces. */
interface Document {
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** Returns the OpenAPI document with the current ticket schemas in their places. New schemas come before the schemas that use them. */
export function withTicketSchemas<T extends Document>(document: T): T {
  const { schemas } = document.components;
  const own = ticketSchemas();
  const added = Object.entries(own).filter(([name]) => !(name in schemas));
  const merged = Object.entries(schemas).flatMap(([name, schema]) => [
    ...(name === "NewTicket" ? added : []),
    [name, own[name] ?? schema] as const,
  ]);
  return { ...document, components: { ...document.components, schemas: Object.fromEntries(merged) } };
}

/** Returns the name of the schema of an attribute. */
function schemaName(field: TicketField): string {
  return field.charAt(0).toUpperCase() + field.slice(1);
}

/** Returns the schema of the values that a client can send. */
function valueSchema(field: TicketField): Schema {
  const attribute = TICKET_ATTRIBUTES[field];
  if (attribute.kind === "choice") return { type: "string", enum: attribute.choices };
  const { maxLength, required } = attribute;
  return {
    type: "string",
    ...(required !== undefined && { minLength: 1 }),
    maxLength,
    ...textRule(field, attribute),
  };
}

/** @throws Error for a required text of several lines, for which there is no pattern. */
function textRule(
  field: TicketField,
  { kind, required }: TextAttribute,
): Pick<Schema, "pattern" | "description"> {
  if (kind === "line" && required === undefined)
    return {
      pattern: `^[^${CONTROLS}]*$`,
      description: "A text without control characters (U+0000 to U+001F, U+007F to U+009F).",
    };
  if (kind === "line")
    return {
      pattern: `^[${SPACES}]*[^\\s${CONTROLS}][^${CONTROLS}]*$`,
      description:
        "A text that is not only white space, without control characters (U+0000 to U+001F, U+007F to U+009F).",
    };
  if (required !== undefined) throw new Error(`${field} cannot be required: only single-line texts can.`);
  return {
    pattern: `^[^${CONTROLS_BUT_LINE_ENDS}]*$`,
    description: "A text without control characters other than tab, line feed and carriage return.",
  };
}

/** Returns the schema of an attribute in a request. */
function sent(field: TicketField): Schema {
  const { description } = TICKET_ATTRIBUTES[field];
  return { $ref: `#/components/schemas/${schemaName(field)}`, ...(description && { description }) };
}

/** Returns the schema of an attribute in a response. A stored text can violate rules that are newer than the text. */
function returned(field: TicketField): Schema {
  const attribute = TICKET_ATTRIBUTES[field];
  if (attribute.kind === "choice") return sent(field);
  const { maxLength, required, description } = attribute;
  const isNotBlank = required !== undefined;
  return {
    type: "string",
    ...(isNotBlank && { minLength: 1 }),
    maxLength,
    ...(isNotBlank && { pattern: "\\S" }),
    ...(description && { description }),
  };
}

function newTicket(): Schema {
  const properties = TICKET_FIELDS.map((field) => [
    field,
    isRequired(field) ? sent(field) : { ...sent(field), default: DEFAULT_FIELDS[field] },
  ]);
  return {
    type: "object",
    description:
      "Omitted fields get their defaults. White space at both ends of a text is removed. " +
      "An `open` ticket with an assignee becomes `assigned`.",
    properties: Object.fromEntries(properties),
    required: TICKET_FIELDS.filter(isRequired),
    additionalProperties: false,
  };
}

function isRequired(field: TicketField): boolean {
  const attribute = TICKET_ATTRIBUTES[field];
  return attribute.kind !== "choice" && attribute.required !== undefined;
}

function ticketChanges(): Schema {
  return {
    type: "object",
    description:
      "At least one field; the others stay unchanged. White space at both ends of a text is removed. " +
      "An edit of `status` or `assignee` that results in an `open` ticket with an assignee makes it `assigned`. " +
      "An edit that removes the assignee of an `assigned` ticket, without a `status`, makes it `open`. " +
      "A `closed` ticket stays `closed` unless the edit has a `status`.",
    properties: {
      ...Object.fromEntries(TICKET_FIELDS.map((field) => [field, sent(field)])),
      resolvedConflict: RESOLVED_CONFLICT,
    },
    minProperties: 1,
    additionalProperties: false,
  };
}

function ticket(): Schema {
  const ofTheApi: Readonly<Record<string, Schema>> = {
    createdBy: {
      type: "string",
      description: "The subject of the caller's token; `anonymous` without one.",
    },
    createdAt: { $ref: "#/components/schemas/Time" },
    updatedAt: { $ref: "#/components/schemas/Time" },
    version: { $ref: "#/components/schemas/Version" },
    origin: {
      $ref: "#/components/schemas/RegionCode",
      description: "AWS code of the region of the last write.",
    },
  };
  return {
    type: "object",
    properties: {
      id: { $ref: "#/components/schemas/TicketId" },
      ...Object.fromEntries(TICKET_FIELDS.map((field) => [field, returned(field)])),
      ...ofTheApi,
      resolvedConflict: RESOLVED_CONFLICT,
    },
    required: ["id", ...TICKET_FIELDS, ...Object.keys(ofTheApi)],
    additionalProperties: false,
  };
}
