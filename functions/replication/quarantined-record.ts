import type { DynamoDBRecord } from "aws-lambda";
import type * as crypto from "node:crypto";
import type * as zlib from "node:zlib";
import { isStreamRecord } from "./stream-record";

/** Why a record is quarantined. */
export interface QuarantineReason {
  /** The error's name, such as `ValidationException`, or `MalformedRecord`. */
  readonly error: string;
  readonly message: string;
}

/** A quarantined record, as the queue carries it: everything a later redrive needs. */
export interface QuarantinedRecord extends QuarantineReason {
  /** ISO 8601, UTC. */
  readonly quarantinedAt: string;
  /** AWS code of the region of the stream. */
  readonly sourceRegion: string;
  /** The whole stream record; without its images when `compressedRecord` is there. */
  readonly record: DynamoDBRecord;
  /** The whole stream record as JSON, Brotli and base64, when it is too long as it is. */
  readonly compressedRecord?: string;
}

/** The longest message a queue takes, in bytes: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
export const MAXIMUM_MESSAGE_BYTES = 1024 * 1024;
/** More than the JSON of a record can have: two images of 400 KB, six bytes for each of their control characters. */
const MAXIMUM_RECORD_BYTES = 16 * 1024 * 1024;
/** A reason is for people; the record itself is never cut. */
const MAXIMUM_REASON_CHARACTERS = 4096;

/**
 * The body of the queue's message. It holds only characters that SQS takes, whatever the record holds. A record that is
 * too long as JSON is compressed: 400 KB of control characters are 2.4 MB of JSON.
 * @returns undefined when it is too long for a queue also when compressed.
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

/** The stream record in a message of the quarantine queue; undefined when the message holds none. */
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

/** Below the prefix of Lambda's own invocation records, so that redrive finds both. */
const PREFIX = "aws/lambda/quarantine/";

/**
 * The key of a record's object: the same for the same record, so that a record that comes twice is stored once. It holds
 * nothing that a client wrote.
 */
export function failureObjectKey(record: DynamoDBRecord): string {
  // Required here, because an import would be serialised as the path "crypto".
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { createHash } = require("node:crypto") as typeof crypto;
  return `${PREFIX}${createHash("sha256").update(JSON.stringify(record)).digest("hex")}.json`;
}

/**
 * A quarantined record in the shape of the invocation record that Lambda stores: the event whole, as text, in `payload`.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export function failureObject({ record, ...rest }: QuarantinedRecord): string {
  return JSON.stringify({ ...rest, payload: JSON.stringify({ Records: [record] }) });
}

/**
 * JSON in which everything is escaped that SQS rejects. `JSON.stringify` escapes control characters and lone surrogates;
 * U+FFFE and U+FFFF are left. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
function messageBody(quarantined: QuarantinedRecord): string {
  return JSON.stringify(quarantined)
    .replace(/\uFFFE/g, "\\ufffe")
    .replace(/\uFFFF/g, "\\uffff");
}

/** Required when it is needed, because an import would be serialised as the path "zlib". */
function loadZlib(): typeof zlib {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require("node:zlib") as typeof zlib;
}

/** A window of 16 MiB finds the old image in the new one; gzip's has 32 KiB. */
function compressed(text: string): string {
  const { brotliCompressSync, constants } = loadZlib();
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 5,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
  };
  return brotliCompressSync(text, { params }).toString("base64");
}

/** @throws Error for what is not Brotli, or is longer than any record. */
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
