import type { Statement } from "../iam/policy";
import { effectsOf } from "../region-state";
import { arnOf, type LocalService } from "../resource";
import type { LocalFauxqs } from "../sqs/fauxqs";
import type { Bucket, PublicAccessBlock } from "./bucket";
import { bucketHandler } from "./bucket-handler";
import {
  BUCKET_ENCRYPTION,
  BUCKET_POLICY,
  IGNORED_SETTINGS,
  PUBLIC_ACCESS_BLOCK,
  settingHandler,
} from "./bucket-settings";
import { Buckets } from "./buckets";
import { objectHandler } from "./object-handler";
import { getRestObject, type RestResponse, type RestRequest } from "./rest";
import { Websites, type WebsiteUrl, type WebsitesOptions } from "./websites";

/** Dependencies and settings of {@link LocalS3}. */
export interface LocalS3Options extends WebsitesOptions {
  readonly fauxqs: LocalFauxqs;
}

/** Emulation of S3: buckets and objects in memory, and an HTTP server for each website bucket. */
export class LocalS3 implements LocalService {
  readonly resourceHandlers: LocalService["resourceHandlers"];

  private readonly buckets = new Buckets();
  private readonly websites: Websites;

  constructor(private readonly options: LocalS3Options) {
    const { fauxqs } = options;
    const { buckets } = this;
    this.websites = new Websites(options);
    this.resourceHandlers = {
      "aws:s3/bucket:Bucket": bucketHandler(fauxqs, buckets, (name) => this.websites.remove(name)),
      "aws:s3/bucketObjectv2:BucketObjectv2": objectHandler(fauxqs, buckets),
      "aws:s3/bucketPolicy:BucketPolicy": settingHandler(buckets, BUCKET_POLICY),
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
        settingHandler(buckets, BUCKET_ENCRYPTION),
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": settingHandler(buckets, PUBLIC_ACCESS_BLOCK),
      "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration": settingHandler(
        buckets,
        this.websites.setting,
      ),
      ...Object.fromEntries(
        Object.entries(IGNORED_SETTINGS).map(([type, setting]) => [
          `aws:s3/${type}`,
          settingHandler(buckets, setting),
        ]),
      ),
    };
  }

  /** Blocks public access to every bucket of the account, as the account or its organization can on AWS; undefined blocks nothing. */
  set accountPublicAccessBlock(block: PublicAccessBlock | undefined) {
    this.buckets.account.publicAccessBlock = block;
  }

  /** Base URL of a region's S3, which checks no credentials. @throws Error for an unknown region. */
  endpoint(region: string): string {
    return this.options.fauxqs.endpoint(region);
  }

  /** URLs of the website buckets, in the order of their creation. */
  websiteUrls(): WebsiteUrl[] {
    return this.websites.urls();
  }

  /**
   * Returns the number of objects in a bucket.
   * @param prefix limits the count to keys that begin with it.
   * @throws Error NoSuchBucket when the bucket does not exist.
   */
  async objectCount(bucketArn: string, prefix = ""): Promise<number> {
    const { name, region } = this.buckets.named(bucketArn.slice(arnOf("s3", "", "").length));
    const parameters = { "list-type": "2", prefix, "max-keys": String(Number.MAX_SAFE_INTEGER) };
    const url = `/${name}?${new URLSearchParams(parameters)}`;
    const { statusCode, body } = await this.options.fauxqs.inject(region, { method: "GET", url });
    // Deleted through the API of S3.
    if (statusCode === 404) throw new Error(`NoSuchBucket: the bucket ${name} does not exist.`);
    return Number(/<KeyCount>(\d+)<\/KeyCount>/.exec(body)?.[1]);
  }

  /**
   * Sends a GET over TLS to the bucket behind a regional domain name, which may have been deleted. Returns undefined while its region
   * is down, and does not resolve while its region is silent.
   * @param domainName `<bucket>.s3.<region>.amazonaws.com`.
   * @throws Error when a condition of the bucket's policy cannot be evaluated.
   */
  async get(domainName: string, request: RestRequest): Promise<RestResponse | undefined> {
    const bucket = this.buckets.behind(domainName);
    const { regions } = this.options;
    if (bucket && effectsOf(regions.byCode(bucket.region).state).isSilent)
      return new Promise(() => undefined);
    const isReached = !bucket || regions.reaches(undefined, bucket.region);
    return isReached ? getRestObject(this.options.fauxqs, bucket, request) : undefined;
  }

  /** Returns the bucket of a name, in whichever region it is, or undefined when there is none. */
  findBucket(name: string): Bucket | undefined {
    return this.buckets.find(name);
  }

  /** Returns the ARN of the KMS key that encrypts new objects of a bucket; undefined without one. */
  kmsKeyOf(bucketOrObjectArn: string): string | undefined {
    return this.bucketOf(bucketOrObjectArn)?.kmsKey;
  }

  /** Returns the policy of a bucket; undefined if there is no such bucket. */
  policyOf(bucketOrObjectArn: string): readonly Statement[] | undefined {
    return this.bucketOf(bucketOrObjectArn)?.policy;
  }

  /** Returns the bucket behind a regional domain name. @throws Error when there is none. */
  bucketAt(domainName: string): Bucket {
    const found = this.buckets.behind(domainName);
    if (!found) throw new Error(`NoSuchBucket: there is no bucket at ${domainName}.`);
    return found;
  }

  /** Stops the websites. Does not close fauxqs, which holds the objects; its owner does. */
  async close(): Promise<void> {
    await this.websites.close();
  }

  private bucketOf(bucketOrObjectArn: string): Bucket | undefined {
    const [name] = bucketOrObjectArn.slice(arnOf("s3", "", "").length).split("/");
    return this.buckets.find(name);
  }
}
