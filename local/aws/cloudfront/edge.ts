import type { IncomingMessage, ServerResponse } from "node:http";
import { namesEntityTag } from "../s3/read-object";
import { EdgeCache, type CachedResponse } from "./cache";
import { compress } from "./compression";
import type { Distribution, OriginResponse, PolicyHeader } from "./model";
import { errorResponse, requestOrigins, type RequestBucket } from "./origins";

/** Request of a viewer to a distribution. */
export interface ViewerRequest {
  readonly request: IncomingMessage;
  readonly isSecure: boolean;
  /** Host name of the request, without a port. */
  readonly host: string;
}

/** Edge of one distribution, with its cache, which survives changes of the distribution. */
export class Edge {
  private readonly cache: EdgeCache;

  /**
   * @param distribution current configuration; a new one applies to the requests that follow.
   * @param httpsPort port in place of 443, for redirects to HTTPS.
   * @param secondMs length of a second of the origins' timeouts and of the caching of errors, in milliseconds.
   */
  constructor(
    public distribution: Distribution,
    private readonly requestBucket: RequestBucket,
    private readonly httpsPort: () => number,
    private readonly secondMs = 1000,
  ) {
    this.cache = new EdgeCache({ secondMs });
  }

  /** Handles a request of a viewer. @throws Error when a condition of a bucket's policy cannot be evaluated. */
  async handle(viewer: ViewerRequest, response: ServerResponse): Promise<void> {
    const { request } = viewer;
    const { distribution } = this;
    request.resume();
    const immediate = this.immediateResponse(viewer);
    if (immediate) return send(request, response, immediate);
    const found = await this.find(distribution, request.url as string);
    send(request, response, await finish(distribution, request, found));
  }

  /** Returns a redirect or an error that needs neither the cache nor an origin. */
  private immediateResponse({ request, isSecure, host }: ViewerRequest): OriginResponse | undefined {
    const { enabled, methods, viewerProtocolPolicy } = this.distribution;
    if (!enabled) return errorResponse(403, "This distribution is disabled.");
    if (!isSecure && viewerProtocolPolicy === "redirect-to-https") {
      const location = `https://${host}:${this.httpsPort()}${request.url}`;
      return { ...errorResponse(301, "Use HTTPS."), headers: { location } };
    }
    if (!isSecure && viewerProtocolPolicy === "https-only")
      return errorResponse(403, "This distribution is served over HTTPS only.");
    if (methods.includes(request.method as string)) return undefined;
    return errorResponse(
      403,
      `This distribution is not configured to allow the HTTP request method ${request.method}.`,
    );
  }

  private async find(distribution: Distribution, url: string): Promise<CachedResponse> {
    const { defaultRootObject, errorRules } = distribution;
    const requested = url.split("?", 1)[0];
    const path = requested === "/" && defaultRootObject !== undefined ? `/${defaultRootObject}` : requested;
    const found = await this.findObject(distribution, path);
    const page = found.result === "Error" ? errorRules.get(found.response.status)?.page : undefined;
    if (!page) return found;
    // Without its page, the error is served as the origin sent it.
    const { response } = await this.findObject(distribution, page.path);
    return response.status === 200 ? { ...found, response: { ...response, status: page.status } } : found;
  }

  private findObject(distribution: Distribution, path: string): Promise<CachedResponse> {
    const { cachePolicy, errorRules } = distribution;
    return this.cache.get(path, cachePolicy.settings, errorRules, (ifNoneMatch) =>
      requestOrigins(distribution, path, ifNoneMatch, this.requestBucket, this.secondMs),
    );
  }
}

async function finish(
  distribution: Distribution,
  request: IncomingMessage,
  { response, result, age }: CachedResponse,
): Promise<OriginResponse> {
  const { compress: compresses, cachePolicy, headersPolicy } = distribution;
  const acceptEncoding = request.headers["accept-encoding"] as string | undefined;
  const final = compresses ? await compress(response, cachePolicy.settings, acceptEncoding) : response;
  const headers: Record<string, string> = {
    ...withPolicyHeaders(final.headers, headersPolicy?.settings ?? []),
    "x-cache": `${result} from cloudfront`,
    via: "1.1 localhost (CloudFront)",
  };
  if (result === "Hit") headers.age = String(age);
  const isFresh =
    final.status === 200 && namesEntityTag(request.headers["if-none-match"], headers.etag ?? "");
  if (!isFresh) return { ...final, headers };
  delete headers["content-length"];
  return { status: 304, headers, body: Buffer.alloc(0) };
}

function withPolicyHeaders(
  given: OriginResponse["headers"],
  added: readonly PolicyHeader[],
): Record<string, string> {
  const headers = { ...given };
  for (const { name, value, override } of added)
    if (override || headers[name] === undefined) headers[name] = value;
  return headers;
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: OriginResponse,
): void {
  if (status === 304) return void response.writeHead(status, headers).end();
  response.writeHead(status, { ...headers, "content-length": body.length });
  response.end(request.method === "HEAD" ? undefined : body);
}
