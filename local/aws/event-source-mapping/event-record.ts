import type { _Record as StreamRecord, AttributeValue } from "@aws-sdk/client-dynamodb-streams";

/** Stream record in the format that a function receives. */
export interface EventRecord {
  readonly eventID: string | undefined;
  readonly eventName: string | undefined;
  readonly eventVersion: string;
  readonly eventSource: string;
  readonly awsRegion: string;
  readonly dynamodb: Readonly<Record<string, unknown>>;
  readonly eventSourceARN: string;
  readonly userIdentity?: { readonly type: string | undefined; readonly principalId: string | undefined };
}

/** Record that was read from the stream and is not yet processed. */
export interface ReadRecord {
  readonly sequenceNumber: string;
  /** Time of the write to the table, in milliseconds since 1970. */
  readonly arrivedAt: number;
  readonly event: EventRecord;
  /** Whether it passes the mapping's filters, which can change until it is delivered. */
  matchesFilter: boolean;
}

/**
 * Converts a stream record to Lambda's event format, with binary values in base64 and times in seconds.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 * @param region AWS code of the stream's region; an external DynamoDB may have another region in its records.
 */
export function eventRecordOf(record: StreamRecord, region: string, streamArn: string): EventRecord {
  const { ApproximateCreationDateTime, Keys, NewImage, OldImage, ...rest } = record.dynamodb ?? {};
  const seconds = ApproximateCreationDateTime && Math.floor(ApproximateCreationDateTime.getTime() / 1000);
  return {
    eventID: record.eventID,
    eventName: record.eventName,
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: region,
    dynamodb: {
      ...(seconds === undefined ? {} : { ApproximateCreationDateTime: seconds }),
      ...(Keys ? { Keys: imageOf(Keys) } : {}),
      ...(NewImage ? { NewImage: imageOf(NewImage) } : {}),
      ...(OldImage ? { OldImage: imageOf(OldImage) } : {}),
      ...rest,
    },
    eventSourceARN: streamArn.replace(/^arn:aws:dynamodb:[^:]+:/, `arn:aws:dynamodb:${region}:`),
    ...(record.userIdentity
      ? { userIdentity: { type: record.userIdentity.Type, principalId: record.userIdentity.PrincipalId } }
      : {}),
  };
}

/** Converts an image. The SDK reads an attribute named `__proto__` as undefined; it is omitted, because it would stop the mapping. */
function imageOf(image: Readonly<Record<string, AttributeValue | undefined>>): Record<string, unknown> {
  const entries = Object.entries(image).flatMap(([name, value]) => (value ? [[name, valueOf(value)]] : []));
  return Object.fromEntries(entries) as Record<string, unknown>;
}

function valueOf(value: AttributeValue): unknown {
  if (value.B !== undefined) return { B: base64(value.B) };
  if (value.BS !== undefined) return { BS: value.BS.map(base64) };
  if (value.L !== undefined) return { L: value.L.map(valueOf) };
  if (value.M !== undefined) return { M: imageOf(value.M) };
  return value;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
