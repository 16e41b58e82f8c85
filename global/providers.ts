import * as aws from "@pulumi/aws";
import { Config, Region } from "../config";

/** The providers of the program; each is bound to a region for good, because a provider's change replaces everything under it. */
export interface Providers {
  /** By the region's nickname. */
  readonly regional: Readonly<Record<string, aws.Provider>>;
  /** Route 53, CloudFront and what it uses; absent without a domain. */
  readonly global?: aws.Provider;
}

/** Where Route 53 and CloudFront are controlled, and the only region whose certificates CloudFront takes. */
const GLOBAL: Region = { name: "global", code: "us-east-1" };

/** One provider per region, named by nickname, and one for global services when there is a domain. */
export function createProviders({ regions, domain, awsEndpoint }: Config): Providers {
  const create = ({ name, code }: Region): aws.Provider =>
    new aws.Provider(name, {
      region: code as aws.Region,
      ...(awsEndpoint && throughOneEndpoint(awsEndpoint)),
    });
  return {
    regional: Object.fromEntries(regions.map((region) => [region.name, create(region)])),
    global: domain && create(GLOBAL),
  };
}

/**
 * Everything that the program's resources call goes to one URL; real credentials are never sent there. The account's id is
 * asked for, unlike in older examples: the provider reads a bucket's tags from S3 Control, which needs it.
 * https://github.com/hashicorp/terraform-provider-aws/issues/45292 and https://github.com/localstack/localstack/pull/13435
 */
function throughOneEndpoint(url: string): aws.ProviderArgs {
  return {
    accessKey: "test",
    secretKey: "test",
    endpoints: [
      {
        acm: url,
        apigatewayv2: url,
        cloudfront: url,
        cloudtrail: url,
        cloudwatch: url,
        dynamodb: url,
        iam: url,
        lambda: url,
        logs: url,
        route53: url,
        s3: url,
        s3control: url,
        scheduler: url,
        sns: url,
        sqs: url,
        sts: url,
      },
    ],
    s3UsePathStyle: true,
    skipCredentialsValidation: true,
    skipMetadataApiCheck: true,
    skipRegionValidation: true,
  };
}
