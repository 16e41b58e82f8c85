import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { AwsEndpoint } from "../../../local/aws/endpoint/endpoint";
import { LocalIam, type Credentials } from "../../../local/aws/iam/iam";
import type { Statement } from "../../../local/aws/iam/policy";
import { Regions } from "../../../local/aws/regions";

/** AWS endpoint with its IAM, two regions and its log lines. */
export interface OpenEndpoint {
  readonly iam: LocalIam;
  readonly regions: Regions;
  readonly endpoint: AwsEndpoint;
  readonly url: string;
  readonly logged: string[];
}

/** Options of an endpoint. */
interface EndpointOptions {
  /** Time after which a connection of an earlier invocation is dead, in milliseconds; the endpoint's own default if undefined. */
  readonly idleConnectionMs?: number;
  /** Returns the policy of a queue or bucket; none has one by default. */
  readonly resourcePolicyOf?: (resourceArn: string) => readonly Statement[] | undefined;
}

/**
 * Starts an endpoint, which the test must close.
 * @param kmsKeyOf returns the KMS key of a queue or bucket; none has one by default.
 */
export async function openEndpoint(
  kmsKeyOf: (resourceArn: string) => string | undefined = () => undefined,
  { idleConnectionMs, resourcePolicyOf = () => undefined }: EndpointOptions = {},
): Promise<OpenEndpoint> {
  const iam = new LocalIam();
  const regions = new Regions([
    { name: "ireland", code: "eu-west-1" },
    { name: "singapore", code: "ap-southeast-1" },
  ]);
  const logged: string[] = [];
  const endpoint = new AwsEndpoint({
    iam,
    regions,
    healthItem: (region) => `canary-${region}`,
    kmsKeyOf,
    resourcePolicyOf,
    idleConnectionMs,
    log: (source, line) => logged.push(`${source}: ${line}`),
  });
  return { iam, regions, endpoint, url: await endpoint.start(0), logged };
}

/** Creates a DynamoDB client without retries. */
export function dynamoDBClient(url: string, credentials: Credentials, region = "eu-west-1"): DynamoDBClient {
  return new DynamoDBClient({ endpoint: url, region, credentials, maxAttempts: 1 });
}
