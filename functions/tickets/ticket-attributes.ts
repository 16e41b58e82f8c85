/** Settings of every kind of attribute. */
interface CommonSettings {
  /** Name in the web UI. */
  readonly label: string;
  /** Description in the OpenAPI document. */
  readonly description?: string;
  /**
   * Place of the value in the web UI: `list` among the facts of the ticket list and of the ticket view, `view` among the
   * facts of the ticket view only, `own` in a component of its own, such as the heading.
   */
  readonly shown: "list" | "view" | "own";
  /** Whether the form that edits a ticket has the field and the form that creates one does not. */
  readonly onlyInEditForm?: true;
  /** Whether the field takes half of the form's width; two such fields in a row share a line. */
  readonly isHalfWidth?: true;
}

/** Text that a user enters. An absent and a blank text are equal: nothing was entered. */
export interface TextAttribute extends CommonSettings {
  readonly kind: "line" | "paragraphs";
  /** Maximum length in characters. */
  readonly maxLength: number;
  /** Error message of the form for a blank text, which the API rejects; absent when the text may be blank. */
  readonly required?: string;
  /** Text that the web UI shows for a blank value; "None" by default. A fact with such a text is also shown when it is blank. */
  readonly whenBlank?: string;
}

/** Attribute with a fixed set of values. */
export interface ChoiceAttribute extends CommonSettings {
  readonly kind: "choice";
  /** In the order of the form. */
  readonly choices: readonly string[];
  /** Value of a new ticket that a client creates without one. */
  readonly defaultValue: string;
  /**
   * Whether a stored ticket without the attribute is malformed; otherwise it has the default value. Only attributes that every
   * ticket has had since the first release are always stored.
   */
  readonly isAlwaysStored?: true;
}

export type TicketAttribute = TextAttribute | ChoiceAttribute;

/**
 * Attributes of a ticket that clients set, in the order of the forms. The schemas of `openapi.json`, validation, reading of
 * stored tickets, the web UI's forms and comparisons, and the simulation follow from it. Run `npm run openapi` after a change.
 */
const DEFINITION = {
  subject: {
    label: "Subject",
    description: "Short summary of the ticket.",
    kind: "line",
    maxLength: 200,
    required: "Enter a subject.",
    shown: "own",
  },
  description: {
    label: "Description",
    description: "Full description of the request.",
    kind: "paragraphs",
    maxLength: 5000,
    shown: "own",
  },
  customer: {
    label: "Customer",
    description: "Name of the customer.",
    kind: "line",
    maxLength: 200,
    shown: "list",
  },
  assignee: {
    label: "Assignee",
    description: "Name of the person who works on the ticket; empty when it is unassigned.",
    kind: "line",
    maxLength: 100,
    whenBlank: "Unassigned",
    shown: "list",
    isHalfWidth: true,
  },
  priority: {
    label: "Priority",
    kind: "choice",
    choices: ["low", "medium", "high"],
    defaultValue: "medium",
    isAlwaysStored: true,
    shown: "own",
    isHalfWidth: true,
  },
  status: {
    label: "Status",
    kind: "choice",
    // In the order of a ticket's life. The index by status has shards of each.
    choices: ["open", "assigned", "closed"],
    defaultValue: "open",
    isAlwaysStored: true,
    shown: "own",
    onlyInEditForm: true,
  },
} as const satisfies Readonly<Record<string, TicketAttribute>>;

type Definition = typeof DEFINITION;

/** Name of an attribute that clients set. */
export type TicketField = keyof Definition;

/** Name of an attribute that holds a text. */
export type TextField = {
  [F in TicketField]: Definition[F] extends TextAttribute ? F : never;
}[TicketField];

/** Name of an attribute with a fixed set of values. */
export type ChoiceField = Exclude<TicketField, TextField>;

/** Values of all attributes that clients set. */
export type TicketFields = {
  readonly [F in TicketField]: Definition[F] extends { readonly choices: readonly (infer C)[] } ? C : string;
};

export type Status = TicketFields["status"];

/** Settings of every attribute by its name. */
export const TICKET_ATTRIBUTES: Readonly<
  Record<TextField, TextAttribute> & Record<ChoiceField, ChoiceAttribute>
> = DEFINITION;

/** Names of all attributes in the order of the forms. */
export const TICKET_FIELDS = Object.keys(DEFINITION) as readonly TicketField[];

/** Names of the attributes that hold a text. */
export const TEXT_FIELDS = TICKET_FIELDS.filter(isTextField);

/** Statuses of a ticket. */
export const STATUSES: readonly Status[] = DEFINITION.status.choices;

/** Values of a new ticket before anything is entered: texts are empty, choices have their defaults. */
export const DEFAULT_FIELDS = Object.fromEntries(
  TICKET_FIELDS.map((field) => {
    const attribute: TicketAttribute = TICKET_ATTRIBUTES[field];
    return [field, attribute.kind === "choice" ? attribute.defaultValue : ""];
  }),
) as TicketFields;

/** Whether an attribute holds a text. */
export function isTextField(field: TicketField): field is TextField {
  return TICKET_ATTRIBUTES[field].kind !== "choice";
}
