import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { LocalFauxqs } from "../sqs/fauxqs";
import type { DeclaredResource } from "../resource";

/** Content type of an object that is uploaded without one. */
export const DEFAULT_CONTENT_TYPE = "binary/octet-stream";

/** Maximum size of a body in fauxqs: 11 MiB. */
const SIZE_LIMIT = 11 * 1024 * 1024;

/** Response headers by the inputs of a bucket object that set them. */
export const HEADER_OF_INPUT: Readonly<Record<string, string>> = {
  cacheControl: "cache-control",
  contentDisposition: "content-disposition",
  contentEncoding: "content-encoding",
  contentLanguage: "content-language",
  contentType: "content-type",
};

/**
 * Stores a BucketObjectv2.
 * @returns the entity tag, without quotes.
 * @throws Error when the content is missing or too large, or the bucket does not exist.
 */
export async function putObject(
  fauxqs: Pick<LocalFauxqs, "inject">,
  region: string,
  bucket: string,
  key: string,
  inputs: DeclaredResource["inputs"],
): Promise<string> {
  const body = await bodyOf(key, inputs);
  if (body.length > SIZE_LIMIT)
    throw new Error(
      `The object ${key} has ${body.length} bytes; the local cloud accepts at most ${SIZE_LIMIT}.`,
    );
  const headers: Record<string, string> = { "content-type": DEFAULT_CONTENT_TYPE };
  for (const [input, header] of Object.entries(HEADER_OF_INPUT))
    if (inputs[input] !== undefined) headers[header] = inputs[input];
  for (const [name, value] of Object.entries(inputs.metadata ?? {}))
    headers[`x-amz-meta-${name}`] = String(value);
  const url = objectPath(bucket, key);
  const response = await fauxqs.inject(region, { method: "PUT", url, headers, payload: body });
  if (response.statusCode !== 200) throw new Error(`The object ${key} cannot be stored: ${response.body}`);
  return createHash("md5").update(body).digest("hex");
}

/**
 * Returns the path of an object for path-style requests.
 * @throws Error for the keys `.` and `..`, which a URL cannot contain.
 */
export function objectPath(bucket: string, key: string): string {
  if (key === "." || key === "..") throw new Error(`The object key ${JSON.stringify(key)} cannot be used.`);
  // Slashes are encoded too, so that `..` between them does not leave the bucket.
  return `/${bucket}/${encodeURIComponent(key)}`;
}

async function bodyOf(key: string, inputs: DeclaredResource["inputs"]): Promise<Buffer> {
  if ((inputs.content === undefined) === (inputs.source === undefined))
    throw new Error(`The object ${key} must have exactly one of source and content.`);
  if (inputs.content !== undefined) return Buffer.from(String(inputs.content), "utf8");
  // A FileAsset of Pulumi has a path, a StringAsset a text. Either may be a promise.
  const { path, text } = inputs.source as { path?: unknown; text?: unknown };
  if (path !== undefined) return readFile((await path) as string);
  if (text !== undefined) return Buffer.from((await text) as string, "utf8");
  throw new Error(`The source of the object ${key} must be a FileAsset or a StringAsset.`);
}
