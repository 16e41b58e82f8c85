import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { RegionalApp } from "../regional/regional-app";
import { letDistributionRead } from "./page-access";
import { uiHeaders } from "./ui-headers";

/** What a page distribution needs. */
export interface UiDistributionArgs {
  /** The full host name of the page, such as `app.tickets.example.com`. */
  readonly hostName: string;
  readonly zoneId: pulumi.Input<string>;
  /** A certificate of us-east-1 that covers the host name. */
  readonly certificateArn: pulumi.Input<string>;
  /** Both regions, in the order in which their buckets are asked. Never by role: swapping the roles changes Route 53 alone. */
  readonly apps: readonly RegionalApp[];
  /** URL of the API's failover name. */
  readonly failoverUrl: string;
}

const ORIGIN_GROUP = "either-region";

/**
 * What sends CloudFront to the other region's bucket. 403 and 404 too: a bucket that lacks a file, because its region is being
 * set up, mended or updated, is no reason to withhold the other's copy.
 */
const FAILOVER_STATUS_CODES = [403, 404, 500, 502, 503, 504];

/** Both buckets hold the same page, so to turn to the other too soon costs nothing, and to wait costs the person's patience. */
const QUICK_FAILOVER = { connectionAttempts: 1, connectionTimeout: 1 };

/** The page of both regions under one name: private buckets, of which CloudFront asks the second when the first fails. */
export class UiDistribution extends pulumi.ComponentResource {
  constructor(name: string, args: UiDistributionArgs, opts: pulumi.ComponentResourceOptions) {
    super("tickets:global:PageDistribution", name, {}, opts);

    const distribution = this.createDistribution(name, args);
    const policies = args.apps.map(({ ui }) => letDistributionRead(ui, distribution.arn));
    this.createRecords(name, args, distribution, policies);

    this.registerOutputs();
  }

  /** Edge locations of every continent: a stack may have any two regions, and a page's few kilobytes cost next to nothing anywhere. */
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
   * Keeps each file as long as its own `cache-control` says; only a minimum of 0 lets `no-cache` hold.
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

  /** Nothing points to the distribution before the buckets let it read, or the first visitors would be answered 403. */
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
          // Route 53 cannot evaluate a distribution's health.
          aliases: [{ name: domainName, zoneId: hostedZoneId, evaluateTargetHealth: false }],
        },
        { parent: this, dependsOn },
      );
  }
}

/** The addresses that `config.json` tells the page: no other may it call. */
function apiUrls({ apps, failoverUrl }: UiDistributionArgs): pulumi.Input<string>[] {
  return [...apps.map(({ api }) => api.url), failoverUrl];
}
