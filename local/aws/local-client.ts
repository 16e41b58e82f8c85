import type { S3ClientConfig } from "@aws-sdk/client-s3";
import type { DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";

/** Service of the local cloud that a client calls, and the caller's credentials. */
export interface LocalClientTarget {
  /** AWS code of the region. */
  readonly region: string;
  /** URL of the service. */
  readonly endpoint: string;
  /** Access key of the caller. Regional endpoints check none, so the default is arbitrary. */
  readonly credentials?: DynamoDBClientConfig["credentials"];
}

/** Settings shared by all AWS SDK clients of the local cloud. */
export type LocalClientConfig = Pick<
  DynamoDBClientConfig,
  | "accountIdEndpointMode"
  | "authSchemePreference"
  | "credentials"
  | "defaultsMode"
  | "endpoint"
  | "endpointDiscoveryEnabled"
  | "maxAttempts"
  | "region"
  | "retryMode"
  | "useDualstackEndpoint"
  | "useFipsEndpoint"
  | "userAgentAppId"
> &
  Pick<
    S3ClientConfig,
    | "disableS3ExpressSessionAuth"
    | "requestChecksumCalculation"
    | "responseChecksumValidation"
    | "sigv4aSigningRegionSet"
    | "useArnRegion"
  >;

/**
 * Returns the settings of an AWS SDK client that calls a service of the local cloud. They include every setting that the SDK would
 * otherwise read from the environment or from `~/.aws/config`, because those settings are for AWS. With `AWS_USE_FIPS_ENDPOINT`,
 * for example, the SDK rejects a custom endpoint.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
 */
export function localClientConfig({
  region,
  endpoint,
  credentials = { accessKeyId: "local", secretAccessKey: "local" },
}: LocalClientTarget): LocalClientConfig {
  return {
    region,
    endpoint,
    credentials,
    accountIdEndpointMode: "disabled",
    authSchemePreference: [],
    defaultsMode: "legacy",
    disableS3ExpressSessionAuth: false,
    endpointDiscoveryEnabled: false,
    maxAttempts: 3,
    requestChecksumCalculation: "WHEN_SUPPORTED",
    responseChecksumValidation: "WHEN_SUPPORTED",
    retryMode: "standard",
    sigv4aSigningRegionSet: [region],
    useArnRegion: false,
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    userAgentAppId: async () => undefined,
  };
}
