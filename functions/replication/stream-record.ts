import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { AttributeValue as StreamAttributeValue, DynamoDBRecord } from "aws-lambda";
import { crossingProblem, mayCross } from "./crossing";
import { withoutNulls } from "../shared/without-nulls";
import { parseVersion, Version } from "./version";

/** An item in DynamoDB's typed form, as the stream carries it and a put takes it. */
export type Image = Record<string, AttributeValue>;

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
export type Reading =
  | { readonly kind: "replicate"; readonly record: ReplicableRecord }
  | { readonly kind: "stay" }
  | { readonly kind: "rejected"; readonly reason: string }
  | { readonly kind: "malformed"; readonly reason: string };

/**
 * Reads a stream record. Only what was written in this region leaves it: a removal (TTL's purge of a tombstone), a
 * canary write and a write that came from the other region stay.
 * @param region AWS code of the stream's region.
 */
export function readStreamRecord(record: DynamoDBRecord, region: string): Reading {
  const { NewImage: image, SequenceNumber } = withoutNulls(record).dynamodb ?? {};
  if (!image || image.origin?.S !== region) return { kind: "stay" };
  const id = image.id?.S;
  if (!id) return { kind: "malformed", reason: "The item has no id that is a string." };
  if (!mayCross(id, region)) return { kind: "rejected", reason: crossingProblem(id, region) };
  const versionText = image.version?.S;
  const version = parseVersion(versionText);
  if (!version || !versionText)
    return { kind: "malformed", reason: "The item has no version in the known form." };
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
