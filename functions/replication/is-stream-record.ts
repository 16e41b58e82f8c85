import type { DynamoDBRecord } from "aws-lambda";

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
