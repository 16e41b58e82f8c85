import type { ExistingResource } from "../../../local/aws/resource";
import type { LocalS3 } from "../../../local/aws/s3/s3";
import { createResource } from "./create-resource";

const OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2";

/** Public website and its resources. */
export interface Website {
  readonly bucket: ExistingResource;
  readonly configuration: ExistingResource;
  readonly url: string;
}

/** Options of a website. */
export interface WebsiteOptions {
  /** Bucket policy; by default it lets everyone read the objects. Null creates none. */
  readonly policy?: object | null;
  readonly region?: string;
  /** Inputs of the website configuration. */
  readonly configuration?: object;
}

/** Creates a bucket that is open to the public and has a website configuration. */
export async function createWebsite(
  s3: LocalS3,
  bucket: string,
  { policy = publicRead(bucket), region, configuration }: WebsiteOptions = {},
): Promise<Website> {
  const create = (type: string, inputs: object): Promise<ExistingResource> =>
    createResource(s3, `aws:s3/${type}`, { bucket, ...inputs }, { region });
  const made = await create("bucket:Bucket", {});
  const opened = { blockPublicPolicy: false, restrictPublicBuckets: false };
  await create("bucketPublicAccessBlock:BucketPublicAccessBlock", opened);
  if (policy) await create("bucketPolicy:BucketPolicy", { policy });
  const documents = { indexDocument: { suffix: "index.html" }, ...configuration };
  const website = await create("bucketWebsiteConfiguration:BucketWebsiteConfiguration", documents);
  return { bucket: made, configuration: website, url: `http://${website.outputs.websiteEndpoint}` };
}

/** Creates an object, by default an HTML page. */
export function putObject(
  s3: LocalS3,
  bucket: string,
  key: string,
  content: string,
  { contentType = "text/html", cacheControl }: { contentType?: string; cacheControl?: string } = {},
): Promise<ExistingResource> {
  return createResource(s3, OBJECT, { bucket, key, content, contentType, cacheControl });
}

/**
 * Returns a bucket policy that lets everyone read the objects.
 * @param more further parts of its statement.
 */
export function publicRead(bucket: string, more: object = {}): { Statement: object[] } {
  const Resource = `arn:aws:s3:::${bucket}/*`;
  return { Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource, ...more }] };
}
