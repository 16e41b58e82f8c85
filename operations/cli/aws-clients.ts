import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { readingProtoAttributes } from "../../shared/proto-attributes";
import { localClientConfig } from "../../local/aws/local-client";
import { credentialsFor, noCredentials } from "./aws-credentials";
import type { Deployment } from "./deployment";
import type { DeployedRegion } from "./deployed-regions";

/** Region with its AWS clients. */
export interface ConnectedRegion {
  readonly region: DeployedRegion;
  readonly clients: RegionClients;
}

/** AWS clients of a region. */
export interface RegionClients {
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly s3: S3Client;
}

/** Attempts and timeouts of AWS calls. */
interface CallLimits {
  readonly maxAttempts: number;
  readonly requestHandler: object;
}

/** Default limits: long enough for throttling and short outages to end. */
export const LONG_LIMITS: CallLimits = {
  maxAttempts: 6,
  requestHandler: { connectionTimeout: 3000, requestTimeout: 20_000, throwOnRequestTimeout: true },
};
/** Limits for commands that must quickly report an unavailable service. */
export const SHORT_LIMITS: CallLimits = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1500, requestTimeout: 3000, throwOnRequestTimeout: true },
};

/**
 * Creates the clients of both regions, with the operator's credentials on AWS or the endpoints of the local cloud.
 * @throws CommandError if there are no credentials.
 */
export async function connectBoth(
  { regions: [first, second] }: Deployment,
  calls: CallLimits = LONG_LIMITS,
): Promise<readonly [ConnectedRegion, ConnectedRegion]> {
  return [await connect(first, calls), await connect(second, calls)];
}

/** Creates the clients of one region, without a call to the other one. @throws CommandError if there are no credentials. */
export async function connect(
  region: DeployedRegion,
  calls: CallLimits = LONG_LIMITS,
): Promise<ConnectedRegion> {
  return { region, clients: await clientsOf(region, calls) };
}

async function clientsOf(region: DeployedRegion, calls: CallLimits): Promise<RegionClients> {
  const { code, endpoints } = region;
  // Shared by all clients, so that a role is assumed once.
  const credentials = credentialsFor(region, calls.requestHandler);
  const options = (service: keyof RegionClients): object => ({
    ...(endpoints
      ? localClientConfig({ region: code, endpoint: endpoints[service] })
      : { region: code, credentials }),
    ...calls,
  });
  const clients = {
    dynamodb: readingProtoAttributes(new DynamoDBClient(options("dynamodb"))),
    sqs: new SQSClient(options("sqs")),
    s3: new S3Client({ ...options("s3"), forcePathStyle: Boolean(endpoints) }),
  };
  await clients.dynamodb.config.credentials().catch(noCredentials);
  return clients;
}

/** Closes the connections of all clients. */
export function disconnect(connected: readonly ConnectedRegion[]): void {
  for (const { clients } of connected) for (const client of Object.values(clients)) client.destroy();
}
