import { recordInMessage } from "../../../functions/replication/quarantined-record";

/** Record in quarantine, or in the failure bucket, in a list. */
export interface QuarantinedEntry {
  /** Id of the message, or key of the object. */
  readonly id: string;
  readonly place: "queue" | "bucket";
  /** Key of the record's item; undefined if it has none. */
  readonly item: string | undefined;
  /** Version of the record; undefined if it has none. */
  readonly version: string | undefined;
  /** Name of the error. */
  readonly error: string | undefined;
  /** Reason in words. */
  readonly reason: string;
  /** ISO 8601. */
  readonly at: string;
  /** Whether a running command has received the message. */
  readonly isHidden: boolean;
}

/** Content of a message or object, in a form that can be read and shown. */
export interface QuarantinedContent {
  readonly entry: QuarantinedEntry;
  /** JSON value with the whole record; the text itself if it is not JSON. */
  readonly content: unknown;
}

/** Message or object as it is stored. */
interface StoredText {
  readonly id: string;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly isHidden: boolean;
}

/** Fields that a quarantined record or an invocation record of Lambda can have. Anyone can write anything, so their types are unknown. */
interface WrittenFields {
  readonly error?: unknown;
  readonly message?: unknown;
  readonly quarantinedAt?: unknown;
  readonly payload?: unknown;
  readonly requestContext?: { readonly condition?: unknown };
}

/** Returns a message of the quarantine queue. */
export function messageContent({ id, text, at, isHidden }: StoredText): QuarantinedContent {
  const record = recordInMessage(text);
  const fields = objectIn(text);
  const image = record?.dynamodb?.NewImage;
  const reason = textOf(fields?.message) ?? "The message holds no quarantined record.";
  const entry: QuarantinedEntry = {
    id,
    place: "queue",
    item: record?.dynamodb?.Keys?.id?.S ?? image?.id?.S,
    version: image?.version?.S,
    error: textOf(fields?.error),
    reason: record ? reason : "The message holds no quarantined record.",
    at: textOf(fields?.quarantinedAt) ?? new Date(at).toISOString(),
    isHidden,
  };
  // The compressed record is repeated in readable form.
  const content = fields && record ? { ...fields, record, compressedRecord: undefined } : (fields ?? text);
  return { entry, content };
}

/** Returns an object of the failure bucket: an invocation record of Lambda, or a record that the queue did not accept. */
export function objectContent({ id, text, at, isHidden }: StoredText): QuarantinedContent {
  const fields = objectIn(text);
  const payload = typeof fields?.payload === "string" ? objectIn(fields.payload) : fields?.payload;
  const { Records: records } = (payload ?? {}) as { readonly Records?: unknown };
  const list = Array.isArray(records) ? (records as readonly Partial<StreamRecord>[]) : [];
  const [first] = list;
  const reason =
    textOf(fields?.message) ?? textOf(fields?.requestContext?.condition) ?? "No reason is stored.";
  const entry: QuarantinedEntry = {
    id,
    place: "bucket",
    item: list.length === 1 ? textOf(first?.dynamodb?.Keys?.id?.S) : undefined,
    version: list.length === 1 ? textOf(first?.dynamodb?.NewImage?.version?.S) : undefined,
    error: textOf(fields?.error),
    reason: `${reason}${list.length === 1 ? "" : ` (${list.length} records)`}`,
    at: textOf(fields?.quarantinedAt) ?? new Date(at).toISOString(),
    isHidden,
  };
  return { entry, content: fields ? { ...fields, payload } : text };
}

/** The part of a stream record that the list shows; its form is not checked. */
interface StreamRecord {
  readonly dynamodb: {
    readonly Keys?: { readonly id?: { readonly S?: unknown } };
    readonly NewImage?: { readonly version?: { readonly S?: unknown } };
  };
}

function objectIn(text: string): WrittenFields | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    // Shown as text.
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
