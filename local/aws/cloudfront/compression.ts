import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { CachePolicy, OriginResponse } from "./model";

/** Content types that are compressed: those of CloudFront's list that web applications use. */
const COMPRESSED_TYPES =
  /^(application\/(javascript|json|rss\+xml|wasm|x-javascript|xhtml\+xml|xml)|font\/(eot|opentype|otf|ttf)|image\/svg\+xml|text\/(css|csv|html|javascript|js|plain|xml))\s*(;|$)/i;
/** Minimum and maximum size of a body in bytes. */
const SMALLEST = 1_000;
const LARGEST = 10_000_000;

/** Medium quality, because the best one takes too long to compress while a viewer waits. */
const BROTLI_QUALITY = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

/**
 * Compresses a response when the viewer, the cache policy, the content type and the size allow it, preferably with Brotli. The
 * entity tag becomes weak, because the bytes differ from those of the origin.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html
 * @param acceptEncoding header of the viewer's request.
 */
export async function compress(
  response: OriginResponse,
  policy: CachePolicy,
  acceptEncoding: string | undefined,
): Promise<OriginResponse> {
  if (!isWorthIt(response) || policy.maxTtl === 0) return response;
  const encoding = chooseEncoding(policy, acceptEncoding);
  if (!encoding) return response;
  const body =
    encoding === "br"
      ? await promisify(brotliCompress)(response.body, BROTLI_QUALITY)
      : await promisify(gzip)(response.body);
  const { etag } = response.headers;
  const headers: Record<string, string> = {
    ...response.headers,
    "content-encoding": encoding,
    vary: "accept-encoding",
    "content-length": String(body.length),
  };
  if (etag !== undefined) headers.etag = `W/${etag.replace(/^W\//, "")}`;
  return { ...response, headers, body };
}

function isWorthIt({ status, headers, body }: OriginResponse): boolean {
  return (
    [200, 403, 404].includes(status) &&
    headers["content-encoding"] === undefined &&
    COMPRESSED_TYPES.test(headers["content-type"] ?? "") &&
    body.length >= SMALLEST &&
    body.length <= LARGEST
  );
}

function chooseEncoding(policy: CachePolicy, acceptEncoding = ""): "br" | "gzip" | undefined {
  const accepted = acceptEncoding
    .toLowerCase()
    .split(",")
    .map((part) => part.trim().split(/\s*;\s*/))
    .filter(([, weight]) => !/^q=0(\.0*)?$/.test(weight ?? ""))
    .map(([name]) => name);
  if (policy.brotli && accepted.includes("br")) return "br";
  return policy.gzip && accepted.includes("gzip") ? "gzip" : undefined;
}
