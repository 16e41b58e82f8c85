import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { pageFiles } from "./page-files";
import { policyDocument } from "./policy";

/** What a page bucket needs. */
export interface PageBucketArgs {
  /** The folder of the built page. */
  readonly folder: string;
}

/**
 * The page as a public website, over HTTP and read-only. It holds nothing but the page, which anyone may read: a
 * website endpoint cannot authenticate, so only a distribution in front of the bucket could make it private.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteEndpoints.html
 */
export class PageBucket extends pulumi.ComponentResource {
  readonly bucket: aws.s3.Bucket;
  /** Where the page is served; no slash at the end. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, { folder }: PageBucketArgs, opts: pulumi.ComponentResourceOptions) {
    super("tickets:regional:PageBucket", name, {}, opts);

    this.bucket = new aws.s3.Bucket(name, {}, { parent: this });
    this.allowReading(name);
    this.upload(name, folder);
    const website = new aws.s3.BucketWebsiteConfiguration(
      name,
      { bucket: this.bucket.id, indexDocument: { suffix: "index.html" } },
      { parent: this },
    );
    this.url = pulumi.interpolate`http://${website.websiteEndpoint}`;

    this.registerOutputs({ bucket: this.bucket, url: this.url });
  }

  private allowReading(name: string): void {
    const publicAccess = new aws.s3.BucketPublicAccessBlock(
      name,
      {
        bucket: this.bucket.id,
        blockPublicAcls: true,
        ignorePublicAcls: true,
        blockPublicPolicy: false,
        restrictPublicBuckets: false,
      },
      { parent: this },
    );
    const everyObject = pulumi.interpolate`${this.bucket.arn}/*`;
    new aws.s3.BucketPolicy(
      name,
      {
        bucket: this.bucket.id,
        policy: policyDocument([{ principal: "*", actions: ["s3:GetObject"], resources: [everyObject] }]),
      },
      { parent: this, dependsOn: publicAccess },
    );
  }

  private upload(name: string, folder: string): void {
    for (const { key, path, contentType, cacheControl } of pageFiles(folder))
      new aws.s3.BucketObjectv2(
        `${name}/${key}`,
        { bucket: this.bucket.id, key, source: new pulumi.asset.FileAsset(path), contentType, cacheControl },
        { parent: this },
      );
  }
}
