import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { credibleSeen } from "../replication/attributes";
import { textsOf, type Image } from "../shared/image";
import { parseVersion } from "../replication/version";
import { LISTING_ATTRIBUTES, sortableTime } from "./listing-attributes";
import type { FoundItem, MalformedItem, StoredTicket, TicketItem, Tombstone } from "./ticket";
import { TICKET_ATTRIBUTES, TICKET_FIELDS, TicketAttribute } from "./ticket-attributes";

/** Rule by which an attribute of a stored ticket is read. */
interface AttributeRule {
  /** Completes the sentence "<attribute> must be …". */
  readonly must: string;
  /** Returns the plain value; undefined if the attribute is malformed. */
  readonly read: (value: AttributeValue | undefined) => string | undefined;
  /** Whether the attribute may be absent. */
  readonly isOptional?: true;
}

const VERSION: AttributeRule = { must: "a version", read: (value) => versionText(value) };
const TIME: AttributeRule = { must: "a time in ISO 8601", read: (value) => sortableTime(value?.S) };
const TEXT: AttributeRule = { must: "a string", read: (value) => value?.S };
/** An absent and a blank text are equal: nothing was entered. */
const OPTIONAL_TEXT: AttributeRule = { must: "a string", read: (value) => (value ? orEmpty(value.S) : "") };
const REQUIRED_TEXT: AttributeRule = {
  must: "a string that is not blank",
  read: (value) => orEmpty(value?.S) || undefined,
};
const ORIGIN: AttributeRule = { must: "the region code of its version", read: (value) => value?.S };

/**
 * Rules of the attributes that the API returns. An item that breaks a rule is malformed. Lengths are not checked: a stored text may be
 * longer than the API accepts.
 */
const RULES: Readonly<Record<string, AttributeRule>> = {
  ...Object.fromEntries(TICKET_FIELDS.map((field) => [field, ruleOf(TICKET_ATTRIBUTES[field])])),
  createdBy: TEXT,
  createdAt: TIME,
  updatedAt: TIME,
  version: VERSION,
  origin: ORIGIN,
  resolvedConflict: { ...VERSION, isOptional: true },
};

/** Attributes that the API does not return. A malformed one counts as absent. */
const INTERNAL_ATTRIBUTES: readonly string[] = [...LISTING_ATTRIBUTES, "idempotencyFingerprint"];

/**
 * Reads an item of the ticket table in DynamoDB's typed form, so that numbers beyond JavaScript's precision, sets and binary values are
 * harmless. Unknown attributes are ignored; writes do not change them.
 */
export function foundItem(image: Image): FoundItem {
  const id = image.id?.S ?? "";
  const { readable, malformed, faults } = readAttributes(image);
  const { version = "", origin = "" } = readable;
  const seen = credibleSeen(textsOf(image.seen?.M), version);
  if (image.deleted?.BOOL === true) return tombstoneOf(image, { id, seen, version, origin });
  if (image.deleted !== undefined && image.deleted.BOOL !== false)
    fault("deleted", "deleted must be true, false or absent.", { malformed, faults });
  if (faults.length > 0)
    return { id, seen, version, origin, malformed, faults, readable, storedVersion: image.version };
  return { ...(readable as TicketItem), id, seen };
}

/**
 * Reads a stored ticket, or the losing write of a conflict.
 * @returns undefined for a malformed item.
 */
export function storedTicket(image: Image): StoredTicket | undefined {
  const found = foundItem(image);
  return "faults" in found ? undefined : found;
}

/** Converts a ticket or tombstone to DynamoDB's typed form. */
export function imageOf(item: StoredTicket): Image {
  const present = Object.entries(item).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present.map(([name, value]) => [name, attributeValue(value)]));
}

function attributeValue(value: string | number | boolean | Readonly<Record<string, string>>): AttributeValue {
  if (typeof value === "string") return { S: value };
  if (typeof value === "number") return { N: String(value) };
  if (typeof value === "boolean") return { BOOL: value };
  return { M: Object.fromEntries(Object.entries(value).map(([name, text]) => [name, { S: text }])) };
}

function ruleOf(attribute: TicketAttribute): AttributeRule {
  if (attribute.kind !== "choice") return attribute.required === undefined ? OPTIONAL_TEXT : REQUIRED_TEXT;
  const { choices, defaultValue, isAlwaysStored } = attribute;
  const whenAbsent = isAlwaysStored ? undefined : defaultValue;
  return {
    must: `one of ${choices.join(", ")}`,
    read: (value) => (value ? choices.find((choice) => choice === value.S) : whenAbsent),
  };
}

/** Malformed attributes of an item, and one sentence per fault. */
interface Faults {
  readonly malformed: string[];
  readonly faults: string[];
}

function fault(name: string, sentence: string, { malformed, faults }: Faults): void {
  malformed.push(name);
  faults.push(sentence);
}

function readAttributes(image: Image): Faults & { readonly readable: Partial<TicketItem> } {
  const readable: Record<string, string> = {};
  const found: Faults = { malformed: [], faults: [] };
  for (const [name, { must, read, isOptional }] of Object.entries(RULES)) {
    if (isOptional && !image[name]) continue;
    const value = read(image[name]);
    if (value !== undefined) readable[name] = value;
    else fault(name, `${name} must be ${must}; it is ${typeName(image[name])}.`, found);
  }
  if (readable.version && readable.origin && parseVersion(readable.version)?.region !== readable.origin)
    fault("origin", `origin must be ${ORIGIN.must}; it is another.`, found);
  for (const name of INTERNAL_ATTRIBUTES) {
    const text = image[name]?.S;
    if (text !== undefined) readable[name] = text;
  }
  return { ...found, readable: readable as Partial<TicketItem> };
}

function tombstoneOf(
  image: Image,
  stamp: Pick<Tombstone, "id" | "version" | "origin" | "seen">,
): Tombstone | MalformedItem {
  const expiresAt = Number(image.expiresAt?.N);
  const faults = [
    ...(stamp.version && stamp.origin ? [] : ["A tombstone must have a version and an origin."]),
    ...(Number.isFinite(expiresAt) ? [] : ["expiresAt of a tombstone must be a number."]),
  ];
  if (faults.length === 0) return { ...stamp, deleted: true, expiresAt };
  return { ...stamp, malformed: ["deleted"], faults, readable: {}, storedVersion: image.version };
}

function orEmpty(text: string | undefined): string | undefined {
  return text?.trim() === "" ? "" : text;
}

function versionText(value: AttributeValue | undefined): string | undefined {
  return parseVersion(value?.S) ? value?.S : undefined;
}

/** Describes a value by its type. The value itself can be confidential text of a client. */
function typeName(value: AttributeValue | undefined): string {
  if (!value) return "absent";
  return `a malformed value of type ${Object.keys(value)[0]}`;
}
