import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { keepVersions } from "./bucket-versions";
import { bucketEncryption } from "./data-key";
import { uiFiles, type UiFile } from "./ui-files";
import { policyDocument, PolicyStatement } from "./policy";
import { publicAccessBlock } from "./public-access";

/** Time for which a file of an earlier release that was replaced can be restored. */
const NONCURRENT_DAYS = 30;

/** Arguments of a UI bucket. */
export interface UiBucketArgs {
  /** Folder of the built web UI. */
  readonly folder: string;
  /** Whether the bucket is a public website. Otherwise it is private, and the caller lets a distribution read it. */
  readonly isWebsite: boolean;
}

/**
 * Bucket with the web UI of one region: a private origin of a CloudFront distribution, or a public website over HTTP. A website endpoint
 * cannot be private: https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteEndpoints.html
 *
 * Anyone may read the web UI, so the bucket has no KMS key.
 *
 * A bucket has one public access block and one policy, which change in place when it stops being a website: with two resources, deleting
 * the old one would remove the new policy.
 */
export class UiBucket extends pulumi.ComponentResource {
  readonly bucket: aws.s3.Bucket;
  /** URL of the website without a trailing slash; absent for a private bucket. */
  readonly url?: pulumi.Output<string>;
  private readonly uploads: readonly pulumi.Resource[];

  constructor(
    private readonly name: string,
    { folder, isWebsite }: UiBucketArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("tickets:regional:PageBucket", name, {}, opts);

    // The assets of earlier releases stay in the bucket when the stack is destroyed; see `upload`.
    this.bucket = new aws.s3.Bucket(name, { forceDestroy: true }, { parent: this });
    new aws.s3.BucketServerSideEncryptionConfiguration(
      name,
      { bucket: this.bucket.id, rules: [bucketEncryption(undefined)] },
      { parent: this },
    );
    this.uploads = this.upload(uiFiles(folder));
    if (isWebsite) this.url = this.createWebsite();

    this.registerOutputs({ bucket: this.bucket, url: this.url });
  }

  /**
   * Turns on the versions of the bucket, after all of its files were uploaded: "we recommend that you wait for 15 minutes after enabling
   * versioning before issuing write operations", because an object that is written earlier may not be found.
   * https://docs.aws.amazon.com/AmazonS3/latest/userguide/manage-versioning-examples.html Call it once.
   * @param further files that the caller uploads.
   */
  keepVersions(...further: readonly pulumi.Resource[]): void {
    const dependsOn = [...this.uploads, ...further];
    keepVersions(this.name, this.bucket, { noncurrentDays: NONCURRENT_DAYS }, { parent: this, dependsOn });
  }

  /**
   * Makes the bucket private and sets its policy. Call it once.
   * @param dependsOn what must exist before: the distribution, and the records of its name. Until then, a bucket that was a website stays
   *   one, so that the web UI always has an address. A distribution that signs its requests can read a bucket with a public policy, also
   *   while its block excludes the public: the block does not apply to AWS services.
   *   https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
   */
  makePrivate(statements: readonly PolicyStatement[], dependsOn: pulumi.Resource[]): void {
    const block = this.createBlock(false, dependsOn);
    this.createPolicy(statements, block);
  }

  private createWebsite(): pulumi.Output<string> {
    const everyObject = pulumi.interpolate`${this.bucket.arn}/*`;
    const block = this.createBlock(true);
    this.createPolicy([{ principal: "*", actions: ["s3:GetObject"], resources: [everyObject] }], block);
    const website = new aws.s3.BucketWebsiteConfiguration(
      this.name,
      { bucket: this.bucket.id, indexDocument: { suffix: "index.html" } },
      { parent: this },
    );
    return pulumi.interpolate`http://${website.websiteEndpoint}`;
  }

  private createBlock(isPublic: boolean, dependsOn?: pulumi.Resource[]): aws.s3.BucketPublicAccessBlock {
    const { bucket, name } = this;
    return publicAccessBlock(name, { bucket, isPublic }, { parent: this, dependsOn });
  }

  private createPolicy(statements: readonly PolicyStatement[], dependsOn: pulumi.Resource): void {
    new aws.s3.BucketPolicy(
      this.name,
      { bucket: this.bucket.id, policy: policyDocument(statements) },
      { parent: this, dependsOn },
    );
  }

  /**
   * Uploads the files, those that keep their name last: a new `index.html` must not name files that are not there yet. Hashed files stay
   * when a release no longer has them, so that a web UI that was opened before can still load them. No lifecycle rule deletes them,
   * because it would delete those that are in use, too: the age of an object does not tell whether a release still has it.
   */
  private upload(files: readonly UiFile[]): pulumi.Resource[] {
    const upload = (
      { key, path, contentType, cacheControl }: UiFile,
      opts: pulumi.CustomResourceOptions,
    ): pulumi.Resource =>
      new aws.s3.BucketObjectv2(
        `${this.name}/${key}`,
        { bucket: this.bucket.id, key, source: new pulumi.asset.FileAsset(path), contentType, cacheControl },
        { parent: this, ...opts },
      );
    const assets = files
      .filter(({ isHashed }) => isHashed)
      .map((file) => upload(file, { retainOnDelete: true }));
    const others = files
      .filter(({ isHashed }) => !isHashed)
      .map((file) => upload(file, { dependsOn: assets }));
    return [...assets, ...others];
  }
}
