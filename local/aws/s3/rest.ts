import type { LocalFauxqs } from "../sqs/fauxqs";
import type { Bucket, Reader } from "./bucket";
import { errorDocument } from "./errors";
import { namesEntityTag, objectHeaders, readObject } from "./read-object";

/** GET request to S3's REST API over TLS. */
export interface RestRequest {
  /** Percent-encoded path, with its leading slash. */
  readonly path: string;
  readonly ifNoneMatch?: string;
  /** AWS service that signed the request; undefined for a request without credentials. */
  readonly service?: Reader["service"];
}

/** Response of S3's REST API. */
export interface RestResponse {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/**
 * Handles a GET of an object as S3's REST API does: errors are XML documents, and there is no index document.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 * @param bucket undefined when there is none of the requested name.
 * @throws Error when a condition of the bucket's policy cannot be evaluated.
 */
export async function getRestObject(
  fauxqs: Pick<LocalFauxqs, "inject">,
  bucket: Bucket | undefined,
  { path, ifNoneMatch, service }: RestRequest,
): Promise<RestResponse> {
  if (!bucket) return failed("NoSuchBucket", path);
  const key = keyOf(path);
  if (key === undefined) return failed("InvalidURI", path);
  const found = await readObject(fauxqs, bucket, { service, isSecure: true }, { key });
  if (typeof found === "string") return failed(found, key);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(objectHeaders(found))) headers[name] = String(value);
  if (!namesEntityTag(ifNoneMatch, headers.etag))
    return { status: found.statusCode, headers, body: found.rawPayload };
  delete headers["content-length"];
  return { status: 304, headers, body: Buffer.alloc(0) };
}

function failed(error: Parameters<typeof errorDocument>[0], key: string): RestResponse {
  const { status, xml } = errorDocument(error, key);
  return { status, headers: { "content-type": "application/xml" }, body: Buffer.from(xml, "utf8") };
}

/** Returns the key of a path; undefined for malformed percent-encoding and for keys that a URL cannot contain. */
function keyOf(path: string): string | undefined {
  try {
    const key = decodeURIComponent(path.slice(1));
    return key === "" || key === "." || key === ".." ? undefined : key;
  } catch {
    return undefined;
  }
}
