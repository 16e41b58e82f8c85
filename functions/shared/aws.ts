// AWS clients of the functions. The Lambda runtime provides the SDK. It must be required by its plain name, inside a function
// that runs on cold start: a client at module scope, or an import, would be serialized into the archive.
/* eslint-disable @typescript-eslint/no-require-imports */
import type * as dynamodb from "@aws-sdk/client-dynamodb";
import type * as documents from "@aws-sdk/lib-dynamodb";
import type * as s3 from "@aws-sdk/client-s3";
import type * as sqs from "@aws-sdk/client-sqs";
import { readingProtoAttributes } from "../../shared/proto-attributes";
import { Agents, newAgents, reconnecting } from "./reconnection";

/** Limits of a call: timeouts in milliseconds, and number of attempts. */
export interface CallLimits {
  readonly connectionTimeout: number;
  readonly requestTimeout: number;
  /** 1 means no retry. */
  readonly maxAttempts: number;
}

/** DynamoDB module and a client. */
export interface DynamoDB {
  readonly commands: typeof dynamodb;
  readonly client: dynamodb.DynamoDBClient;
}

/** Returns a DynamoDB client of a region. A call that exceeds a limit is rejected. */
export function dynamoDB(region: string, limits: CallLimits): DynamoDB {
  const commands = require("@aws-sdk/client-dynamodb") as typeof dynamodb;
  const agents = newAgents();
  const client = new commands.DynamoDBClient({ region, ...clientOptions(limits, agents) });
  return { commands, client: reconnecting(readingProtoAttributes(client), agents, limits.requestTimeout) };
}

/** Returns a DynamoDB document client, which reads and writes plain objects. */
export function documentDynamoDB(
  region: string,
  limits: CallLimits,
): {
  readonly commands: typeof documents;
  /** Module for items in typed form. The client also accepts its commands. */
  readonly raw: typeof dynamodb;
  readonly client: documents.DynamoDBDocumentClient;
} {
  const commands = require("@aws-sdk/lib-dynamodb") as typeof documents;
  const { commands: raw, client } = dynamoDB(region, limits);
  return { commands, raw, client: commands.DynamoDBDocumentClient.from(client) };
}

/** Returns an SQS client of a region. */
export function queueService(
  region: string,
  limits: CallLimits,
): { readonly commands: typeof sqs; readonly client: sqs.SQSClient } {
  const commands = require("@aws-sdk/client-sqs") as typeof sqs;
  const agents = newAgents();
  const client = new commands.SQSClient({ region, ...clientOptions(limits, agents) });
  return { commands, client: reconnecting(client, agents, limits.requestTimeout) };
}

/** Returns an S3 client of a region. */
export function objectStore(
  region: string,
  limits: CallLimits,
): { readonly commands: typeof s3; readonly client: s3.S3Client } {
  const commands = require("@aws-sdk/client-s3") as typeof s3;
  const agents = newAgents();
  const client = new commands.S3Client({ region, ...clientOptions(limits, agents) });
  return { commands, client: reconnecting(client, agents, limits.requestTimeout) };
}

function clientOptions(
  { connectionTimeout, requestTimeout, maxAttempts }: CallLimits,
  agents: Agents,
): {
  maxAttempts: number;
  requestHandler: Agents & {
    connectionTimeout: number;
    requestTimeout: number;
    throwOnRequestTimeout: true;
  };
} {
  const timeouts = { connectionTimeout, requestTimeout, throwOnRequestTimeout: true } as const;
  return { maxAttempts, requestHandler: { ...agents, ...timeouts } };
}

/** Returns whether an error comes from a call to AWS, rather than from this application. */
export function isServiceError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return (
    "$metadata" in error || error.name === "TimeoutError" || error.name === "AbortError" || code !== undefined
  );
}
