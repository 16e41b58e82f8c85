import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { AttributeValue as StreamAttributeValue, DynamoDBRecord } from "aws-lambda";
import type { Image } from "../shared/image";
import { crossingProblem, mayCross } from "./crossing";
import { withoutNulls } from "../shared/without-nulls";
import { parseVersion, Version } from "./version";

/** Stream record of a write that must be replicated. */
export interface ReplicableRecord {
  readonly record: DynamoDBRecord;
  /** Text of the stream, unchanged. */
  readonly sequenceNumber: string;
  /** Value of the item's hash key. */
  readonly id: string;
  readonly version: Version;
  /** Version as stored. */
  readonly versionText: string;
  readonly image: Image;
}

/**
 * Decision about a stream record: replicate it, ignore it because its write stays in this region, reject it because its item may
 * not cross regions, or quarantine it because it is malformed.
 */
export type StreamRecordReading =
  | { readonly kind: "replicate"; readonly record: ReplicableRecord }
  | { readonly kind: "stay" }
  | { readonly kind: "rejected"; readonly reason: string }
  | { readonly kind: "malformed"; readonly reason: string };

/**
 * Returns how to handle a stream record. Only writes of this region are replicated. A removal (TTL's purge of a tombstone), a
 * canary write and a write that was replicated from the other region stay.
 * @param region AWS code of the stream's region.
 */
export function readStreamRecord(record: DynamoDBRecord, region: string): StreamRecordReading {
  const { NewImage: image, SequenceNumber } = withoutNulls(record).dynamodb ?? {};
  if (!image || image.origin?.S !== region) return { kind: "stay" };
  const id = image.id?.S;
  if (!id) return { kind: "malformed", reason: "The item has no string id." };
  if (!mayCross(id, region)) return { kind: "rejected", reason: crossingProblem(id, region) };
  const versionText = image.version?.S;
  const version = parseVersion(versionText);
  if (!version || !versionText) return { kind: "malformed", reason: "The item has no valid version." };
  if (version.region !== region)
    return { kind: "malformed", reason: "The region in the version differs from the origin." };
  return {
    kind: "replicate",
    record: { record, sequenceNumber: SequenceNumber ?? "", id, version, versionText, image: toImage(image) },
  };
}

/** Returns an image in the form of the SDK: Lambda passes binary attributes as base64 text, the SDK takes bytes. */
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

/** Maximum nesting of a record's JSON. An item has up to 32 levels: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const MAXIMUM_LEVELS = 100;

/** Sequence number of up to 40 digits: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_StreamRecord.html */
const SEQUENCE_NUMBER = /^\d{1,40}$/;

/** Check of the value of each attribute type. */
const TYPE_CHECKS: Readonly<Record<string, (value: unknown) => boolean>> = {
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
 * Returns whether a value from a queue message or a bucket object has the form of a stream record. Everyone with write access to
 * the queue or the bucket can put anything there. Null counts as absent.
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
  return others.length === 0 && Object.hasOwn(TYPE_CHECKS, type) && TYPE_CHECKS[type](content);
}

/** Returns whether a value has at most the given levels of objects and lists. Deeper values would overflow the stack of recursive code. */
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
