import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { CachePolicy, OriginResponse } from "./model";

/** Of CloudFront's list, what a page is made of. */
const COMPRESSED_TYPES =
  /^(application\/(javascript|json|rss\+xml|wasm|x-javascript|xhtml\+xml|xml)|font\/(eot|opentype|otf|ttf)|image\/svg\+xml|text\/(css|csv|html|javascript|js|plain|xml))\s*(;|$)/i;
/** Bytes. */
const SMALLEST = 1_000;
const LARGEST = 10_000_000;

/** An edge has no time for the best that Brotli can do. */
const BROTLI_QUALITY = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

/**
 * The answer as the viewer gets it: compressed when the viewer, the cache policy, the kind and the size allow it, Brotli
 * first. The entity tag becomes a weak one, because the bytes are not the origin's.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html
 * @param acceptEncoding the viewer's header.
 */
export async function compress(
  answer: OriginResponse,
  policy: CachePolicy,
  acceptEncoding: string | undefined,
): Promise<OriginResponse> {
  if (!isWorthIt(answer) || policy.maxTtl === 0) return answer;
  const encoding = chooseEncoding(policy, acceptEncoding);
  if (!encoding) return answer;
  const body =
    encoding === "br"
      ? await promisify(brotliCompress)(answer.body, BROTLI_QUALITY)
      : await promisify(gzip)(answer.body);
  const { etag } = answer.headers;
  const headers: Record<string, string> = {
    ...answer.headers,
    "content-encoding": encoding,
    vary: "accept-encoding",
    "content-length": String(body.length),
  };
  if (etag !== undefined) headers.etag = `W/${etag.replace(/^W\//, "")}`;
  return { ...answer, headers, body };
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
