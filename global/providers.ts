import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Config, Region } from "../config";
import { OWN_TAGS } from "../config/default-tags";

/** Providers of the program. A provider never changes its region, because that would replace all of its resources. */
export interface Providers {
  /** By region alias. */
  readonly regional: Readonly<Record<string, aws.Provider>>;
  /** Provider for Route 53, CloudFront and its resources; absent with public websites, which need neither. */
  readonly global?: aws.Provider;
}

/** Control plane of Route 53 and CloudFront, and the only region whose certificates CloudFront accepts. */
const GLOBAL: Region = { name: "global", code: "us-east-1" };

/**
 * Every run configures every provider. By default a provider calls STS in its own region, so the roles could not be swapped
 * while that region is down. With these arguments it calls us-east-1, which a swap and CloudFront need anyway. Pulumi's credential check
 * ignores `stsRegion`, so it is skipped; the check of the Terraform provider still runs, to get the account id.
 * https://github.com/pulumi/pulumi-aws/blob/master/provider/resources.go (preConfigureCallback) and
 * https://github.com/hashicorp/aws-sdk-go-base/blob/main/aws_config.go (GetAwsAccountIDAndPartition)
 */
const STS_IN_US_EAST_1: aws.ProviderArgs = {
  skipCredentialsValidation: true,
  stsRegion: GLOBAL.code,
};

/**
 * Tags of every resource that can have tags. With them an operator finds resources that exist but that the state does not contain, as
 * after an engine that was killed while it created them: see docs/troubleshooting.md. Names do not tell stacks apart.
 */
function ownerTags(): Record<(typeof OWN_TAGS)[number], string> {
  return { "pulumi:project": pulumi.getProject(), "pulumi:stack": pulumi.getStack() };
}

/** Creates one provider per region, named by region alias, and unless the websites are public one for global services. */
export function createProviders({ regions, publicWebsite, defaultTags, awsEndpoint }: Config): Providers {
  const create = ({ name, code }: Region, more?: aws.ProviderArgs): aws.Provider =>
    new aws.Provider(name, {
      region: code as aws.Region,
      defaultTags: { tags: { ...defaultTags, ...ownerTags() } },
      ...more,
      ...(awsEndpoint && singleEndpoint(awsEndpoint)),
    });
  const regional = publicWebsite ? undefined : STS_IN_US_EAST_1;
  return {
    regional: Object.fromEntries(regions.map((region) => [region.name, create(region, regional)])),
    global: publicWebsite ? undefined : create(GLOBAL),
  };
}

/**
 * Provider arguments for one endpoint for all services, with dummy credentials. Unlike in older examples,
 * `skipRequestingAccountId` is not set: the provider reads bucket tags from S3 Control, which needs the account id.
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
