import type { DynamoDBRecord } from "aws-lambda";
import type * as crypto from "node:crypto";
import type * as zlib from "node:zlib";
import { isStreamRecord } from "./stream-record";

/** Reason why a record is quarantined. */
export interface QuarantineReason {
  /** Name of the error, such as `ValidationException`, or `MalformedRecord`. */
  readonly error: string;
  readonly message: string;
}

/** Quarantined record with everything that a later redrive needs. */
export interface QuarantinedRecord extends QuarantineReason {
  /** ISO 8601, UTC. */
  readonly quarantinedAt: string;
  /** AWS code of the region of the stream. */
  readonly sourceRegion: string;
  /** Complete stream record; without images if `compressedRecord` is present. */
  readonly record: DynamoDBRecord;
  /** Complete stream record as JSON, compressed with Brotli, in base64. Present if the record is too large uncompressed. */
  readonly compressedRecord?: string;
}

/** Maximum size of an SQS message, in bytes: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
export const MAXIMUM_MESSAGE_BYTES = 1024 * 1024;
/** Upper bound of the JSON of a record, in bytes: two images of 400 KB, with six bytes for each control character. */
const MAXIMUM_RECORD_BYTES = 16 * 1024 * 1024;
/** Maximum length of a reason. Only reasons are shortened, never records. */
const MAXIMUM_REASON_CHARACTERS = 4096;

/**
 * Returns the body of the message for a quarantine queue. It contains only characters that SQS accepts. A record that is too
 * large as JSON is compressed: 400 KB of control characters are 2.4 MB of JSON.
 * @returns undefined if the message is too large for a queue even when compressed.
 */
export function quarantineMessage(quarantined: QuarantinedRecord): string | undefined {
  const { error, message, record } = quarantined;
  const reason = { error: shortened(error), message: shortened(message) };
  const whole = messageBody({ ...quarantined, ...reason });
  if (fits(whole)) return whole;
  const shorter = messageBody({
    ...quarantined,
    ...reason,
    record: { ...record, dynamodb: { ...record.dynamodb, NewImage: undefined, OldImage: undefined } },
    compressedRecord: compressed(JSON.stringify(record)),
  });
  return fits(shorter) ? shorter : undefined;
}

/** Returns the stream record in a message of the quarantine queue; undefined if the message has none. */
export function recordInMessage(body: string): DynamoDBRecord | undefined {
  try {
    const { record, compressedRecord } = JSON.parse(body) as Partial<QuarantinedRecord>;
    const whole =
      compressedRecord === undefined ? record : (JSON.parse(decompressed(compressedRecord)) as unknown);
    return isStreamRecord(whole) ? whole : undefined;
  } catch {
    return undefined;
  }
}

/** Prefix of the objects, below that of Lambda's invocation records, so that redrive finds both. */
const PREFIX = "aws/lambda/quarantine/";

/**
 * Returns the key of the object for a record. It is a hash, so that a record that is delivered twice is stored once and the key
 * contains nothing that a client wrote.
 */
export function failureObjectKey(record: DynamoDBRecord): string {
  // Required here, because an import would be serialized as the path "crypto".
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { createHash } = require("node:crypto") as typeof crypto;
  return `${PREFIX}${createHash("sha256").update(JSON.stringify(record)).digest("hex")}.json`;
}

/**
 * Returns a quarantined record in the format of Lambda's invocation records: `payload` is the complete event as JSON text.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export function failureObject({ record, ...rest }: QuarantinedRecord): string {
  return JSON.stringify({ ...rest, payload: JSON.stringify({ Records: [record] }) });
}

/**
 * Returns JSON in which every character that SQS rejects is escaped. `JSON.stringify` escapes control characters and lone
 * surrogates, but not U+FFFE and U+FFFF. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
function messageBody(quarantined: QuarantinedRecord): string {
  return JSON.stringify(quarantined)
    .replace(/\uFFFE/g, "\\ufffe")
    .replace(/\uFFFF/g, "\\uffff");
}

/** Returns the zlib module. It is required here because an import would be serialized as the path "zlib". */
function loadZlib(): typeof zlib {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require("node:zlib") as typeof zlib;
}

/** Compresses with Brotli: its window of 16 MiB covers both images of a record; the window of gzip has 32 KiB. */
function compressed(text: string): string {
  const { brotliCompressSync, constants } = loadZlib();
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 5,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
  };
  return brotliCompressSync(text, { params }).toString("base64");
}

/** @throws Error if the text is not Brotli data, or is larger than any record when decompressed. */
function decompressed(text: string): string {
  const bytes = Buffer.from(text, "base64");
  return loadZlib().brotliDecompressSync(bytes, { maxOutputLength: MAXIMUM_RECORD_BYTES }).toString("utf8");
}

function shortened(text: string): string {
  return text.length > MAXIMUM_REASON_CHARACTERS ? `${text.slice(0, MAXIMUM_REASON_CHARACTERS)}…` : text;
}

function fits(body: string): boolean {
  return Buffer.byteLength(body) <= MAXIMUM_MESSAGE_BYTES;
}
