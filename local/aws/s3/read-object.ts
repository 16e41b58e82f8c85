import type { LocalFauxqs } from "../sqs/fauxqs";
import type { InjectedResponse } from "../sqs/fauxqs-app";
import { arnOf } from "../resource";
import { isAllowed, type Bucket, type Reader } from "./bucket";
import { objectPath } from "./objects";

/** Error code of a failed read. */
export type ReadError = "AccessDenied" | "InvalidRange" | "NoSuchKey" | "PreconditionFailed";

/** Request for an object. */
export interface ObjectRequest {
  readonly key: string;
  /** Conditions and ranges, by lower-case name. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Reads an object for a reader whom the bucket's policy must allow. A missing object is NoSuchKey for a reader who may list the
 * bucket, and AccessDenied for others. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 * @throws Error when a condition of the bucket's policy cannot be evaluated.
 */
export async function readObject(
  fauxqs: Pick<LocalFauxqs, "inject">,
  bucket: Bucket,
  reader: Reader,
  { key, headers = {} }: ObjectRequest,
): Promise<InjectedResponse | ReadError> {
  const { name, region } = bucket;
  if (!isAllowed(bucket, reader, "s3:GetObject", arnOf("s3", "", `${name}/${key}`))) return "AccessDenied";
  const response = await fauxqs.inject(region, { method: "GET", url: objectPath(name, key), headers });
  if (response.statusCode === 412) return "PreconditionFailed";
  if (response.statusCode === 416) return "InvalidRange";
  if (response.statusCode !== 404) return response;
  return isAllowed(bucket, reader, "s3:ListBucket", arnOf("s3", "", name)) ? "NoSuchKey" : "AccessDenied";
}

/** Response headers that belong to the object. */
const OF_THE_OBJECT =
  /^(accept-ranges|cache-control|content-(disposition|encoding|language|length|range|type)|etag|last-modified|x-amz-meta-.*)$/;

/** Returns the headers of a response that belong to the object, by lower-case name. */
export function objectHeaders({
  headers,
}: InjectedResponse): Record<string, string | number | string[] | undefined> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => OF_THE_OBJECT.test(name)));
}

/** Whether If-None-Match contains the entity tag, so that the reader's copy is current (RFC 9110, section 13.1.2). */
export function namesEntityTag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const opaque = (tag: string): string => tag.trim().replace(/^W\//, "");
  const tags = ifNoneMatch.split(",").map(opaque);
  return tags.includes(opaque(etag)) || tags.includes("*");
}
