import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { denyPlainHttpToBucket, PolicyStatement } from "../regional/policy";
import { RegionalApp } from "../regional/regional-app";
import { uiHeaders } from "./ui-headers";

/** Name of the web UI under the domain of the application. */
export interface UiName {
  /** Such as `app.tickets.example.com`. */
  readonly hostName: string;
  readonly zoneId: pulumi.Input<string>;
  /** ARN of a certificate in us-east-1 that covers the host name. */
  readonly certificateArn: pulumi.Input<string>;
}

/** Arguments of a UI distribution. */
export interface UiDistributionArgs {
  /** Absent without a domain: then the distribution has only its own name, such as `d111111abcdef8.cloudfront.net`. */
  readonly name?: UiName;
  /** Both regions, in the order of the origin group. The order does not depend on the roles, so that a swap changes only DNS records. */
  readonly apps: readonly RegionalApp[];
  /** URL of the API's failover name; absent without a domain. */
  readonly failoverUrl?: string;
}

const ORIGIN_GROUP = "either-region";

/** Includes 403 and 404: a bucket can lack a file while its region is created, repaired or updated. */
const FAILOVER_STATUS_CODES = [403, 404, 500, 502, 503, 504];

/**
 * By default CloudFront serves an error for ten more seconds. A file that is missing in both buckets for a moment would leave the web UI
 * of a new visitor broken, also after a reload (docs/adr/0034-keep-no-errors-in-cloudfront.md).
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/custom-error-pages-expiration.html
 */
const UNCACHED_ERRORS = FAILOVER_STATUS_CODES.map((errorCode) => ({ errorCode, errorCachingMinTtl: 0 }));

/**
 * Connection timeouts are short, because both buckets hold the same files: an unnecessary failover costs nothing. A bucket that accepts a
 * request and does not answer causes a failover after 30 seconds, the response timeout of a bucket, which the provider cannot change
 * (https://github.com/hashicorp/terraform-provider-aws/issues/44172). The completion timeout, which must not be less, ends a response
 * that arrives too slowly.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html#response-completion-timeout
 */
const TIMEOUTS = { connectionAttempts: 1, connectionTimeout: 1, responseCompletionTimeout: 30 };

/**
 * CloudFront distribution of the web UI: the private bucket of the second region is the failover origin of the first.
 *
 * It has no parent, so that it is the same resource with and without a domain. Up to release 0.1.0 its parent was the routing, which
 * exists only with a domain.
 */
export class UiDistribution extends pulumi.ComponentResource {
  /** URL of the web UI, without a trailing slash. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: UiDistributionArgs, opts: pulumi.ComponentResourceOptions) {
    super(
      "tickets:global:PageDistribution",
      name,
      {},
      {
        ...opts,
        aliases: [{ parent: pulumi.createUrn("routing", "tickets:global:Routing") }],
      },
    );

    const distribution = this.createDistribution(name, args);
    const records = args.name ? this.createRecords(name, args.name, distribution) : [];
    for (const { ui } of args.apps)
      ui.makePrivate(readableBy(distribution.arn, ui.bucket.arn), [distribution, ...records]);
    this.url = pulumi.interpolate`https://${args.name?.hostName ?? distribution.domainName}`;

    this.registerOutputs({ url: this.url });
  }

  /**
   * Uses all edge locations, because a stack may have any two regions. The provider waits until a change has reached all of them, so what
   * depends on the distribution comes after that.
   */
  private createDistribution(name: string, args: UiDistributionArgs): aws.cloudfront.Distribution {
    const { apps } = args;
    const originAccessControlId = this.createAccess(`${name}-access`).id;
    return new aws.cloudfront.Distribution(
      name,
      {
        enabled: true,
        comment: `The page of ${args.name?.hostName ?? "both regions"}`,
        aliases: args.name && [args.name.hostName],
        defaultRootObject: "index.html",
        httpVersion: "http2and3",
        isIpv6Enabled: true,
        priceClass: "PriceClass_All",
        origins: apps.map(({ region, ui }) => ({
          originId: region.name,
          domainName: ui.bucket.bucketRegionalDomainName,
          originAccessControlId,
          ...TIMEOUTS,
        })),
        originGroups: [
          {
            originId: ORIGIN_GROUP,
            members: apps.map(({ region }) => ({ originId: region.name })),
            failoverCriteria: { statusCodes: FAILOVER_STATUS_CODES },
          },
        ],
        customErrorResponses: UNCACHED_ERRORS,
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
        viewerCertificate: viewerCertificate(args.name),
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

  private createRecords(
    name: string,
    { hostName, zoneId }: UiName,
    { domainName, hostedZoneId }: aws.cloudfront.Distribution,
  ): aws.route53.Record[] {
    return (["A", "AAAA"] as const).map(
      (type) =>
        new aws.route53.Record(
          `${name}-${type.toLowerCase()}`,
          {
            zoneId,
            name: hostName,
            type,
            // Route 53 cannot evaluate the health of a distribution.
            aliases: [{ name: domainName, zoneId: hostedZoneId, evaluateTargetHealth: false }],
          },
          { parent: this },
        ),
    );
  }
}

/** URLs in `config.json`, the only other origins that the web UI may call. */
function apiUrls({ apps, failoverUrl }: UiDistributionArgs): pulumi.Input<string>[] {
  return [...apps.map(({ api }) => api.url), ...(failoverUrl ? [failoverUrl] : [])];
}

/**
 * Returns the TLS settings. CloudFront's own certificate, without a domain, fixes them: it accepts TLS 1.0.
 * https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ViewerCertificate.html
 */
function viewerCertificate(
  name: UiName | undefined,
): aws.types.input.cloudfront.DistributionViewerCertificate {
  if (!name) return { cloudfrontDefaultCertificate: true };
  return {
    acmCertificateArn: name.certificateArn,
    sslSupportMethod: "sni-only",
    minimumProtocolVersion: "TLSv1.2_2021",
  };
}

/**
 * Returns statements that let one distribution read a private bucket, over TLS only. With `s3:ListBucket` a missing file gives 404, so
 * that 403 always means a wrong policy. Clients cannot list through the distribution, because it forwards no query string.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
 */
function readableBy(
  distributionArn: pulumi.Input<string>,
  bucketArn: pulumi.Input<string>,
): PolicyStatement[] {
  const allow = (action: string, resource: pulumi.Input<string>): PolicyStatement => ({
    principal: { Service: "cloudfront.amazonaws.com" },
    actions: [action],
    resources: [resource],
    condition: { StringEquals: { "aws:SourceArn": distributionArn } },
  });
  return [
    allow("s3:GetObject", pulumi.interpolate`${bucketArn}/*`),
    allow("s3:ListBucket", bucketArn),
    denyPlainHttpToBucket(bucketArn),
  ];
}
