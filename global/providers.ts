import * as aws from "@pulumi/aws";
import { Config, Region } from "../config";

/** The providers of the program; each is bound to a region for good, because a provider's change replaces everything under it. */
export interface Providers {
  /** By region alias. */
  readonly regional: Readonly<Record<string, aws.Provider>>;
  /** Route 53, CloudFront and what it uses; absent without a domain. */
  readonly global?: aws.Provider;
}

/** Where Route 53 and CloudFront are controlled, and the only region whose certificates CloudFront takes. */
const GLOBAL: Region = { name: "global", code: "us-east-1" };

/**
 * Every run configures every provider, whatever it changes. A provider would ask STS of its own region then, and the roles
 * could not be swapped while that is lost; so it asks us-east-1, which a swap needs anyway. Pulumi's own check ignores
 * `stsRegion`, and must be left out; the one of the provider under it is still made, for the account's number.
 * https://github.com/pulumi/pulumi-aws/blob/master/provider/resources.go (preConfigureCallback) and
 * https://github.com/hashicorp/aws-sdk-go-base/blob/main/aws_config.go (GetAwsAccountIDAndPartition)
 */
const STS_IN_US_EAST_1: aws.ProviderArgs = {
  skipCredentialsValidation: true,
  stsRegion: GLOBAL.code,
};

/** Creates one provider per region, named by region alias, and with a domain one for global services. */
export function createProviders({ regions, domain, awsEndpoint }: Config): Providers {
  const create = ({ name, code }: Region, more?: aws.ProviderArgs): aws.Provider =>
    new aws.Provider(name, {
      region: code as aws.Region,
      ...more,
      ...(awsEndpoint && singleEndpoint(awsEndpoint)),
    });
  const regional = domain && STS_IN_US_EAST_1;
  return {
    regional: Object.fromEntries(regions.map((region) => [region.name, create(region, regional)])),
    global: domain && create(GLOBAL),
  };
}

/**
 * Everything that the program's resources call goes to one URL; real credentials are never sent there. The account's id is
 * asked for, unlike in older examples: the provider reads a bucket's tags from S3 Control, which needs it.
 * https://github.com/hashicorp/terraform-provider-aws/issues/45292 and https://github.com/localstack/localstack/pull/13435
 */
function singleEndpoint(url: string): aws.ProviderArgs {
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
