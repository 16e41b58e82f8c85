import type { Reader } from "../s3/bucket";

/** The loopback address that stands for CloudFront's edge, which is in no region. */
export const EDGE_ADDRESS = "127.0.0.10";

/** The hosted zone that every alias to a distribution names: https://docs.aws.amazon.com/general/latest/gr/cf_region.html */
export const HOSTED_ZONE_ID = "Z2FDTNDATAQYW2";

/** What a cache policy asks for; times in seconds. */
export interface CachePolicy {
  readonly minTtl: number;
  readonly defaultTtl: number;
  readonly maxTtl: number;
  /** Whether compressed answers may be cached, which CloudFront wants before it compresses. */
  readonly gzip: boolean;
  readonly brotli: boolean;
}

/** A header that a response headers policy adds. */
export interface PolicyHeader {
  /** Lower case. */
  readonly name: string;
  readonly value: string;
  /** Whether it replaces the origin's header of the same name. */
  readonly override: boolean;
}

/** A bucket behind a distribution. */
export interface Origin {
  /** `<bucket>.s3.<region>.amazonaws.com` */
  readonly domainName: string;
  /** As whom its requests are signed; absent without origin access control. */
  readonly signedAs: Reader["service"];
}

/** What an origin answered. */
export interface OriginResponse {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What a viewer may use to ask; `redirect-to-https` sends plain HTTP to TLS. */
export type ViewerProtocolPolicy = "allow-all" | "https-only" | "redirect-to-https";

/** A distribution, checked. */
export interface Distribution {
  readonly id: string;
  readonly arn: string;
  /** `<something>.cloudfront.net` */
  readonly domainName: string;
  /** Lower case. */
  readonly aliases: readonly string[];
  readonly certificateArn: string;
  /** Key of the object that stands for `/`, such as `index.html`. */
  readonly defaultRootObject: string | undefined;
  /** One, or those of the origin group in their order. */
  readonly origins: readonly Origin[];
  /** Statuses after which the next origin is asked; empty without an origin group. */
  readonly failoverStatuses: readonly number[];
  readonly methods: readonly string[];
  readonly viewerProtocolPolicy: ViewerProtocolPolicy;
  readonly compress: boolean;
  readonly cachePolicy: CachePolicy;
  readonly headers: readonly PolicyHeader[];
}
