import type { DynamoDBRecord } from "aws-lambda";
import type * as crypto from "node:crypto";
import type { QuarantinedRecord } from "./quarantine-message";

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
