import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { denyPlainHttp, PolicyStatement } from "../regional/policy";
import { RegionalApp } from "../regional/regional-app";
import { UiBucket } from "../regional/ui-bucket";
import { uiHeaders } from "./ui-headers";

/** Arguments of a UI distribution. */
export interface UiDistributionArgs {
  /** Host name of the web UI, such as `app.tickets.example.com`. */
  readonly hostName: string;
  readonly zoneId: pulumi.Input<string>;
  /** ARN of a certificate in us-east-1 that covers the host name. */
  readonly certificateArn: pulumi.Input<string>;
  /** Both regions, in the order of the origin group. The order does not depend on the roles, so that a swap changes only DNS records. */
  readonly apps: readonly RegionalApp[];
  /** URL of the API's failover name. */
  readonly failoverUrl: string;
}

const ORIGIN_GROUP = "either-region";

/** Includes 403 and 404: a bucket can lack a file while its region is created, repaired or updated. */
const FAILOVER_STATUS_CODES = [403, 404, 500, 502, 503, 504];

/** Short, because both buckets hold the same files: an unnecessary failover costs nothing. */
const QUICK_FAILOVER = { connectionAttempts: 1, connectionTimeout: 1 };

/** CloudFront distribution of the web UI: the private bucket of the second region is the failover origin of the first. */
export class UiDistribution extends pulumi.ComponentResource {
  constructor(name: string, args: UiDistributionArgs, opts: pulumi.ComponentResourceOptions) {
    super("tickets:global:PageDistribution", name, {}, opts);

    const distribution = this.createDistribution(name, args);
    const policies = args.apps.map(({ ui }) => allowDistribution(ui, distribution.arn));
    this.createRecords(name, args, distribution, policies);

    this.registerOutputs();
  }

  /** Uses all edge locations, because a stack may have any two regions. */
  private createDistribution(name: string, args: UiDistributionArgs): aws.cloudfront.Distribution {
    const { hostName, certificateArn, apps } = args;
    const originAccessControlId = this.createAccess(`${name}-access`).id;
    return new aws.cloudfront.Distribution(
      name,
      {
        enabled: true,
        comment: `The page of ${hostName}`,
        aliases: [hostName],
        defaultRootObject: "index.html",
        httpVersion: "http2and3",
        isIpv6Enabled: true,
        priceClass: "PriceClass_All",
        origins: apps.map(({ region, ui }) => ({
          originId: region.name,
          domainName: ui.bucket.bucketRegionalDomainName,
          originAccessControlId,
          ...QUICK_FAILOVER,
        })),
        originGroups: [
          {
            originId: ORIGIN_GROUP,
            members: apps.map(({ region }) => ({ originId: region.name })),
            failoverCriteria: { statusCodes: FAILOVER_STATUS_CODES },
          },
        ],
        defaultCacheBehavior: {
          targetOriginId: ORIGIN_GROUP,
          viewerProtocolPolicy: "redirect-to-https",
          allowedMethods: ["GET", "HEAD"],
          cachedMethods: ["GET", "HEAD"],
          compress: true,
          cachePolicyId: this.createCachePolicy(`${name}-cache`).id,
          responseHeadersPolicyId: uiHeaders(`${name}-headers`, apiUrls(args), { parent: this }).id,
        },
        restrictions: { geoRestriction: { restrictionType: "none" } },
        viewerCertificate: {
          acmCertificateArn: certificateArn,
          sslSupportMethod: "sni-only",
          minimumProtocolVersion: "TLSv1.2_2021",
        },
      },
      { parent: this },
    );
  }

  /** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html */
  private createAccess(name: string): aws.cloudfront.OriginAccessControl {
    return new aws.cloudfront.OriginAccessControl(
      name,
      { originAccessControlOriginType: "s3", signingBehavior: "always", signingProtocol: "sigv4" },
      { parent: this },
    );
  }

  /**
   * Caches each file as long as its `cache-control` header allows; `no-cache` requires a minimum TTL of 0.
   * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Expiration.html
   */
  private createCachePolicy(name: string): aws.cloudfront.CachePolicy {
    return new aws.cloudfront.CachePolicy(
      name,
      {
        minTtl: 0,
        defaultTtl: 86_400,
        maxTtl: 31_536_000,
        parametersInCacheKeyAndForwardedToOrigin: {
          cookiesConfig: { cookieBehavior: "none" },
          headersConfig: { headerBehavior: "none" },
          queryStringsConfig: { queryStringBehavior: "none" },
          enableAcceptEncodingGzip: true,
          enableAcceptEncodingBrotli: true,
        },
      },
      { parent: this },
    );
  }

  /** Creates the DNS records after the bucket policies, so that no request gets 403. */
  private createRecords(
    name: string,
    { hostName, zoneId }: UiDistributionArgs,
    { domainName, hostedZoneId }: aws.cloudfront.Distribution,
    dependsOn: aws.s3.BucketPolicy[],
  ): void {
    for (const type of ["A", "AAAA"] as const)
      new aws.route53.Record(
        `${name}-${type.toLowerCase()}`,
        {
          zoneId,
          name: hostName,
          type,
          // Route 53 cannot evaluate the health of a distribution.
          aliases: [{ name: domainName, zoneId: hostedZoneId, evaluateTargetHealth: false }],
        },
        { parent: this, dependsOn },
      );
  }
}

/** URLs in `config.json`, the only other origins that the web UI may call. */
function apiUrls({ apps, failoverUrl }: UiDistributionArgs): pulumi.Input<string>[] {
  return [...apps.map(({ api }) => api.url), failoverUrl];
}

/**
 * Lets one distribution read a private bucket, over TLS only. With `s3:ListBucket` a missing file gives 404, so that 403
 * always means a wrong policy. Clients cannot list through the distribution, because it forwards no query string.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
 */
function allowDistribution(ui: UiBucket, distributionArn: pulumi.Input<string>): aws.s3.BucketPolicy {
  const { arn } = ui.bucket;
  const allow = (action: string, resource: pulumi.Input<string>): PolicyStatement => ({
    principal: { Service: "cloudfront.amazonaws.com" },
    actions: [action],
    resources: [resource],
    condition: { StringEquals: { "aws:SourceArn": distributionArn } },
  });
  return ui.attachPolicy([
    allow("s3:GetObject", pulumi.interpolate`${arn}/*`),
    allow("s3:ListBucket", arn),
    denyPlainHttp(arn),
  ]);
}
