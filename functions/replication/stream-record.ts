import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { AttributeValue as StreamAttributeValue, DynamoDBRecord } from "aws-lambda";
import type { Image } from "../shared/image";
import { crossingProblem, mayCross } from "./crossing";
import { withoutNulls } from "../shared/without-nulls";
import { parseVersion, Version } from "./version";

/** A stream record of a write that the other region must get. */
export interface ReplicableRecord {
  readonly record: DynamoDBRecord;
  readonly sequenceNumber: bigint;
  /** The value of the item's hash key. */
  readonly id: string;
  readonly version: Version;
  /** The version as stored. */
  readonly versionText: string;
  readonly image: Image;
}

/**
 * What to do with a stream record: replicate it, leave it where it is, reject it because its item may not cross regions, or
 * quarantine it with the reason.
 */
export type StreamRecordReading =
  | { readonly kind: "replicate"; readonly record: ReplicableRecord }
  | { readonly kind: "stay" }
  | { readonly kind: "rejected"; readonly reason: string }
  | { readonly kind: "malformed"; readonly reason: string };

/**
 * Reads a stream record. Only what was written in this region leaves it: a removal (TTL's purge of a tombstone), a
 * canary write and a write that came from the other region stay.
 * @param region AWS code of the stream's region.
 */
export function readStreamRecord(record: DynamoDBRecord, region: string): StreamRecordReading {
  const { NewImage: image, SequenceNumber } = withoutNulls(record).dynamodb ?? {};
  if (!image || image.origin?.S !== region) return { kind: "stay" };
  const id = image.id?.S;
  if (!id) return { kind: "malformed", reason: "The item has no id that is a string." };
  if (!mayCross(id, region)) return { kind: "rejected", reason: crossingProblem(id, region) };
  const versionText = image.version?.S;
  const version = parseVersion(versionText);
  if (!version || !versionText) return { kind: "malformed", reason: "The item has no valid version." };
  if (version.region !== region)
    return { kind: "malformed", reason: "The version names another region than the origin." };
  const sequenceNumber = BigInt(SequenceNumber ?? 0);
  return {
    kind: "replicate",
    record: { record, sequenceNumber, id, version, versionText, image: toImage(image) },
  };
}

/** Lambda gives binary attributes as base64 text, where the SDK takes bytes; everything else stays as it is. */
function toImage(image: Readonly<Record<string, StreamAttributeValue>>): Image {
  return Object.fromEntries(Object.entries(image).map(([name, value]) => [name, toAttributeValue(value)]));
}

function toAttributeValue(value: StreamAttributeValue): AttributeValue {
  if (value.B !== undefined) return { B: Buffer.from(value.B, "base64") };
  if (value.BS !== undefined) return { BS: value.BS.map((bytes) => Buffer.from(bytes, "base64")) };
  if (value.L !== undefined) return { L: value.L.map(toAttributeValue) };
  if (value.M !== undefined) return { M: toImage(value.M) };
  return value as AttributeValue;
}

/** The deepest JSON of a record: an item has 32 levels, https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const MAXIMUM_LEVELS = 100;

/** The longest sequence number, https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_StreamRecord.html */
const SEQUENCE_NUMBER = /^\d{1,40}$/;

/** What the value of each attribute type is. */
const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  S: isText,
  N: isText,
  B: isText,
  BOOL: (value) => typeof value === "boolean",
  NULL: (value) => typeof value === "boolean",
  SS: isTexts,
  NS: isTexts,
  BS: isTexts,
  L: (value) => Array.isArray(value) && value.every(isAttributeValue),
  M: isImage,
};

/**
 * Whether a value that was read from a message or an object has the form of a stream record, so that the rest of the code can
 * rely on its type: whoever may write to the queue or the bucket can put anything there. Null counts as absent.
 */
export function isStreamRecord(value: unknown): value is DynamoDBRecord {
  if (!hasLevels(value, MAXIMUM_LEVELS) || !isObject(value) || !isObject(value.dynamodb)) return false;
  const { Keys, NewImage, OldImage, SequenceNumber, ApproximateCreationDateTime: time } = value.dynamodb;
  return (
    [Keys, NewImage, OldImage].every((image) => isAbsent(image) || isImage(image)) &&
    (isAbsent(SequenceNumber) || (isText(SequenceNumber) && SEQUENCE_NUMBER.test(SequenceNumber))) &&
    (isAbsent(time) || Number.isFinite(time))
  );
}

function isImage(value: unknown): boolean {
  return isObject(value) && Object.values(value).every(isAttributeValue);
}

function isAttributeValue(value: unknown): boolean {
  if (!isObject(value)) return false;
  const [[type, content] = [], ...others] = Object.entries(value).filter(([, inner]) => !isAbsent(inner));
  if (type === undefined) return true;
  return others.length === 0 && Object.hasOwn(TYPES, type) && TYPES[type](content);
}

/** Whether a value has at most so many levels of objects and lists; what works on it level by level overflows otherwise. */
function hasLevels(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => hasLevels(inner, levels - 1));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText);
}
