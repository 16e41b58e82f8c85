import type { DeclaredResource } from "../resource";
import type { Reader } from "../s3/bucket";

/** Loopback address of CloudFront's edge, which is in no region. */
export const EDGE_ADDRESS = "127.0.0.10";

/** Hosted zone id for alias records of distributions: https://docs.aws.amazon.com/general/latest/gr/cf_region.html */
export const HOSTED_ZONE_ID = "Z2FDTNDATAQYW2";

/** A cache policy; times are in seconds. */
export interface CachePolicy {
  readonly minTtl: number;
  readonly defaultTtl: number;
  readonly maxTtl: number;
  /** Whether responses may be compressed and cached in this encoding; the same applies to `brotli`. */
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

/** A policy or an origin access control, which distributions refer to by its id. */
export interface Shared<T> {
  readonly id: string;
  /** Unique for its kind in the account. */
  name: string;
  /** Current settings, which apply at once to the distributions that refer to it. */
  settings: T;
  /** Inputs as they were last declared. */
  inputs: DeclaredResource["inputs"];
  /** Increases with each update. */
  version: number;
}

/** A bucket behind a distribution. */
export interface Origin {
  /** `<bucket>.s3.<region>.amazonaws.com` */
  readonly domainName: string;
  /** Identity that signs requests to the bucket; undefined without origin access control. */
  readonly signedAs: Reader["service"];
  /** Time limit of a complete response, in seconds; undefined for none. */
  readonly completionTimeout: number | undefined;
}

/** What the edge does with an error status of the origins. */
export interface ErrorRule {
  /** Time for which the error is served from the cache, in seconds. */
  readonly cachingSeconds: number;
  /** Page that is served in place of the origin's response, and its status; undefined to serve the response. */
  readonly page: { readonly path: string; readonly status: number } | undefined;
}

/** Response of an origin. */
export interface OriginResponse {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Protocols that viewers may use; `redirect-to-https` redirects plain HTTP. */
export type ViewerProtocolPolicy = "allow-all" | "https-only" | "redirect-to-https";

/** A validated distribution. */
export interface Distribution {
  readonly id: string;
  readonly arn: string;
  /** Whether requests are served. */
  readonly enabled: boolean;
  /** `<something>.cloudfront.net` */
  readonly domainName: string;
  /** Lower case. */
  readonly aliases: readonly string[];
  /** Undefined for CloudFront's own certificate, which covers only the domain name. */
  readonly certificateArn: string | undefined;
  /** Key of the object that is served for `/`, such as `index.html`. */
  readonly defaultRootObject: string | undefined;
  /** One origin, or those of the origin group in their order. */
  readonly origins: readonly Origin[];
  /** Statuses after which the next origin is tried; empty without an origin group. */
  readonly failoverStatuses: readonly number[];
  /** Rules of error statuses (custom error responses). */
  readonly errorRules: ReadonlyMap<number, ErrorRule>;
  /** Ids of the origin access controls of all its origins. */
  readonly originAccessControlIds: readonly string[];
  readonly methods: readonly string[];
  readonly viewerProtocolPolicy: ViewerProtocolPolicy;
  readonly compress: boolean;
  readonly cachePolicy: Shared<CachePolicy>;
  readonly headersPolicy: Shared<readonly PolicyHeader[]> | undefined;
}
