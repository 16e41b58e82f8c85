import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { uiFiles } from "./ui-files";
import { policyDocument, PolicyStatement } from "./policy";
import { publicAccessBlock } from "./public-access";

/** What a page bucket needs. */
export interface UiBucketArgs {
  /** The folder of the built page. */
  readonly folder: string;
  /** Whether the bucket is a website that anyone may read; otherwise it is closed until `allowReading` lets somebody in. */
  readonly isWebsite: boolean;
}

/**
 * The page in one region: a public website over HTTP, or a private bucket for a distribution in front of it. A website
 * endpoint cannot authenticate, so it is public or not there: https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteEndpoints.html
 */
export class UiBucket extends pulumi.ComponentResource {
  readonly bucket: aws.s3.Bucket;
  /** Where the website is, no slash at the end; absent when there is none. */
  readonly url?: pulumi.Output<string>;

  private readonly publicAccess: aws.s3.BucketPublicAccessBlock;

  constructor(
    private readonly name: string,
    { folder, isWebsite }: UiBucketArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("tickets:regional:PageBucket", name, {}, opts);

    this.bucket = new aws.s3.Bucket(name, {}, { parent: this });
    this.publicAccess = publicAccessBlock(
      name,
      { bucket: this.bucket, isPublic: isWebsite },
      { parent: this },
    );
    this.upload(folder);
    if (isWebsite) this.url = this.createWebsite();

    this.registerOutputs({ bucket: this.bucket, url: this.url });
  }

  /**
   * Gives the bucket its policy; a bucket has one, so this is called once. The policy is the same resource for a website and
   * for a private bucket: were they two, the old one's removal would take the new policy away when a stack gets a domain.
   */
  attachPolicy(statements: readonly PolicyStatement[]): aws.s3.BucketPolicy {
    return new aws.s3.BucketPolicy(
      this.name,
      { bucket: this.bucket.id, policy: policyDocument(statements) },
      { parent: this, dependsOn: this.publicAccess },
    );
  }

  private createWebsite(): pulumi.Output<string> {
    const everyObject = pulumi.interpolate`${this.bucket.arn}/*`;
    this.attachPolicy([{ principal: "*", actions: ["s3:GetObject"], resources: [everyObject] }]);
    const website = new aws.s3.BucketWebsiteConfiguration(
      this.name,
      { bucket: this.bucket.id, indexDocument: { suffix: "index.html" } },
      { parent: this },
    );
    return pulumi.interpolate`http://${website.websiteEndpoint}`;
  }

  private upload(folder: string): void {
    for (const { key, path, contentType, cacheControl } of uiFiles(folder))
      new aws.s3.BucketObjectv2(
        `${this.name}/${key}`,
        { bucket: this.bucket.id, key, source: new pulumi.asset.FileAsset(path), contentType, cacheControl },
        { parent: this },
      );
  }
}
