import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { uiFiles } from "./ui-files";
import { policyDocument, PolicyStatement } from "./policy";
import { publicAccessBlock } from "./public-access";

/** Arguments of a UI bucket. */
export interface UiBucketArgs {
  /** Folder of the built web UI. */
  readonly folder: string;
  /** Whether the bucket is a public website. Otherwise it is private, and the caller attaches a policy. */
  readonly isWebsite: boolean;
}

/**
 * Bucket with the web UI of one region: a public website over HTTP, or a private origin of a CloudFront distribution. A
 * website endpoint cannot be private: https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteEndpoints.html
 */
export class UiBucket extends pulumi.ComponentResource {
  readonly bucket: aws.s3.Bucket;
  /** URL of the website without a trailing slash; absent for a private bucket. */
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
   * Creates the bucket policy. Call it once, because a bucket has one policy. A website and a private bucket use the same
   * Pulumi resource: with two resources, deleting the old one would remove the new policy when a stack gets a domain.
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
