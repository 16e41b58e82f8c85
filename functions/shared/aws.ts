// AWS clients for the functions. The SDK is the Lambda runtime's own: it must be required by its plain name and inside a
// function that runs on cold start, because a client at module scope, or an import, would be serialised into the archive.
/* eslint-disable @typescript-eslint/no-require-imports */
import type * as dynamodb from "@aws-sdk/client-dynamodb";
import type * as documents from "@aws-sdk/lib-dynamodb";
import type * as s3 from "@aws-sdk/client-s3";
import type * as sqs from "@aws-sdk/client-sqs";
import { readingProtoAttributes } from "../../shared/proto-attributes";

/** How long a call may take, in milliseconds, and how often it is tried. */
export interface CallLimits {
  readonly connectionTimeout: number;
  readonly requestTimeout: number;
  /** 1 means no retry. */
  readonly maxAttempts: number;
}

/** The DynamoDB module and a client of it. */
export interface DynamoDB {
  readonly commands: typeof dynamodb;
  readonly client: dynamodb.DynamoDBClient;
}

/** A DynamoDB client of a region; a limit that passes rejects the call instead of leaving it hanging. */
export function dynamoDB(region: string, limits: CallLimits): DynamoDB {
  const commands = require("@aws-sdk/client-dynamodb") as typeof dynamodb;
  const client = new commands.DynamoDBClient({ region, ...clientOptions(limits) });
  return { commands, client: readingProtoAttributes(client) };
}

/** The document flavour of DynamoDB's client, which takes and gives plain objects. */
export function documentDynamoDB(
  region: string,
  limits: CallLimits,
): {
  readonly commands: typeof documents;
  /** The module of the typed form, whose commands the client takes too. */
  readonly raw: typeof dynamodb;
  readonly client: documents.DynamoDBDocumentClient;
} {
  const commands = require("@aws-sdk/lib-dynamodb") as typeof documents;
  const { commands: raw, client } = dynamoDB(region, limits);
  return { commands, raw, client: commands.DynamoDBDocumentClient.from(client) };
}

/** An SQS client of a region. */
export function queueService(
  region: string,
  limits: CallLimits,
): { readonly commands: typeof sqs; readonly client: sqs.SQSClient } {
  const commands = require("@aws-sdk/client-sqs") as typeof sqs;
  return { commands, client: new commands.SQSClient({ region, ...clientOptions(limits) }) };
}

/** An S3 client of a region. */
export function objectStore(
  region: string,
  limits: CallLimits,
): { readonly commands: typeof s3; readonly client: s3.S3Client } {
  const commands = require("@aws-sdk/client-s3") as typeof s3;
  return { commands, client: new commands.S3Client({ region, ...clientOptions(limits) }) };
}

function clientOptions({ connectionTimeout, requestTimeout, maxAttempts }: CallLimits): {
  maxAttempts: number;
  requestHandler: { connectionTimeout: number; requestTimeout: number; throwOnRequestTimeout: true };
} {
  return { maxAttempts, requestHandler: { connectionTimeout, requestTimeout, throwOnRequestTimeout: true } };
}

/** Whether an error came from calling AWS, rather than from our own code. */
export function isServiceError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return (
    "$metadata" in error || error.name === "TimeoutError" || error.name === "AbortError" || code !== undefined
  );
}
