import type { S3ClientConfig } from "@aws-sdk/client-s3";
import type { DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";

/** Which service on this machine a client calls, and as whom. */
export interface LocalClientTarget {
  /** AWS code of the region. */
  readonly region: string;
  /** URL of the service. */
  readonly endpoint: string;
  /** Access key of the caller; any by default, because a region's own endpoints check none. */
  readonly credentials?: DynamoDBClientConfig["credentials"];
}

/** Settings that the AWS SDK's clients of the local cloud share. */
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
 * Settings of an AWS SDK client that calls a service of the local cloud. Every setting that the SDK would otherwise read from
 * the environment or from `~/.aws/config` is given, because those are the user's for AWS: with `AWS_USE_FIPS_ENDPOINT`, for
 * one, the SDK refuses a custom endpoint.
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
