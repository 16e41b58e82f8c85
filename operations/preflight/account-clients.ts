import { AccountClient } from "@aws-sdk/client-account";
import { ACMClient } from "@aws-sdk/client-acm";
import { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { Route53Client } from "@aws-sdk/client-route-53";
import { S3ControlClient, type S3ControlClientConfig } from "@aws-sdk/client-s3-control";
import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { STSClient } from "@aws-sdk/client-sts";
import { localClientConfig } from "../../local/aws/local-client";
import { credentialsFor } from "../cli/aws-credentials";

/** Region of the control planes of Route 53, CloudFront and the account, and of CloudFront's certificates. */
export const GLOBAL_REGION = "us-east-1";

/** Clients of the control planes of an account. */
export interface AccountClients {
  readonly sts: STSClient;
  readonly account: AccountClient;
  readonly cloudfront: CloudFrontClient;
  readonly route53: Route53Client;
  readonly s3control: S3ControlClient;
  /** Clients of a region, by its AWS code. */
  readonly regional: Readonly<Record<string, RegionalClients>>;
  /** Closes all connections. */
  close(): void;
}

interface RegionalClients {
  readonly acm: ACMClient;
  readonly lambda: LambdaClient;
  readonly quotas: ServiceQuotasClient;
}

const LIMITS = {
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 3000, requestTimeout: 20_000, throwOnRequestTimeout: true },
};

/**
 * Creates the clients.
 * @param regions AWS codes of the regions with regional clients.
 * @param endpoint URL of an emulator; undefined for AWS.
 */
export function openAccount(regions: readonly string[], endpoint: string | undefined): AccountClients {
  const credentials =
    endpoint === undefined ? credentialsFor({ code: GLOBAL_REGION }, LIMITS.requestHandler) : undefined;
  const options = (region: string): object => ({
    ...(endpoint === undefined
      ? { region, credentials }
      : // The credentials that the program uses with awsEndpoint.
        localClientConfig({
          region,
          endpoint,
          credentials: { accessKeyId: "test", secretAccessKey: "test" },
        })),
    ...LIMITS,
  });
  const global = options(GLOBAL_REGION);
  const clients = {
    sts: new STSClient(global),
    account: new AccountClient(global),
    cloudfront: new CloudFrontClient(global),
    route53: new Route53Client(global),
    s3control: new S3ControlClient({
      ...global,
      ...(endpoint !== undefined && { endpointProvider: withoutAccount(endpoint) }),
    }),
  };
  const regional = Object.fromEntries(
    regions.map((region) => [
      region,
      {
        acm: new ACMClient(options(region)),
        lambda: new LambdaClient(options(region)),
        quotas: new ServiceQuotasClient(options(region)),
      },
    ]),
  );
  return {
    ...clients,
    regional,
    close() {
      for (const client of [clients, ...Object.values(regional)].flatMap((group) => Object.values(group)))
        client.destroy();
    },
  };
}

/** S3 Control puts the account before the host name of an endpoint, where an emulator has no name. */
function withoutAccount(endpoint: string): NonNullable<S3ControlClientConfig["endpointProvider"]> {
  return () => ({
    url: new URL(endpoint),
    headers: {},
    properties: {
      authSchemes: [{ name: "sigv4", signingName: "s3", signingRegion: GLOBAL_REGION, properties: {} }],
    },
  });
}
