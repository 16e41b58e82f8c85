import type { IncomingMessage, ServerResponse } from "node:http";
import { namesEntityTag } from "../s3/read-object";
import { EdgeCache, type CachedResponse } from "./cache";
import { compress } from "./compression";
import type { Distribution, OriginResponse, PolicyHeader } from "./model";
import { errorResponse, requestOrigins, type RequestBucket } from "./origins";

/** A request of a viewer for a distribution. */
export interface ViewerRequest {
  readonly request: IncomingMessage;
  readonly isSecure: boolean;
  /** The name that the viewer called, without a port. */
  readonly host: string;
}

/** One distribution at the edge: its rules and what it keeps. */
export class Edge {
  private readonly cache = new EdgeCache();

  /** @param httpsPort the port that stands for 443, for redirections to TLS. */
  constructor(
    readonly distribution: Distribution,
    private readonly ask: RequestBucket,
    private readonly httpsPort: () => number,
  ) {}

  /** Answers a viewer. @throws Error when a bucket's policy cannot be judged. */
  async handle(viewer: ViewerRequest, response: ServerResponse): Promise<void> {
    const { request } = viewer;
    request.resume();
    const refused = this.refuse(viewer);
    if (refused) return send(request, response, refused);
    const found = await this.find(request.url as string);
    send(request, response, await this.finish(request, found));
  }

  /** What is answered without asking the cache or an origin. */
  private refuse({ request, isSecure, host }: ViewerRequest): OriginResponse | undefined {
    const { methods, viewerProtocolPolicy } = this.distribution;
    if (!isSecure && viewerProtocolPolicy === "redirect-to-https") {
      const location = `https://${host}:${this.httpsPort()}${request.url}`;
      return { ...errorResponse(301, "It moved to HTTPS."), headers: { location } };
    }
    if (!isSecure && viewerProtocolPolicy === "https-only")
      return errorResponse(403, "This distribution is served over HTTPS only.");
    if (methods.includes(request.method as string)) return undefined;
    return errorResponse(
      403,
      `This distribution is not configured to allow the HTTP request method ${request.method}.`,
    );
  }

  private async find(url: string): Promise<CachedResponse> {
    const { defaultRootObject, cachePolicy } = this.distribution;
    const asked = url.split("?", 1)[0];
    const path = asked === "/" && defaultRootObject !== undefined ? `/${defaultRootObject}` : asked;
    return this.cache.get(path, cachePolicy, (ifNoneMatch) =>
      requestOrigins(this.distribution, path, ifNoneMatch, this.ask),
    );
  }

  private async finish(
    request: IncomingMessage,
    { answer, result, age }: CachedResponse,
  ): Promise<OriginResponse> {
    const { compress: compresses, cachePolicy, headers: policyHeaders } = this.distribution;
    const acceptEncoding = request.headers["accept-encoding"] as string | undefined;
    const final = compresses ? await compress(answer, cachePolicy, acceptEncoding) : answer;
    const headers: Record<string, string> = {
      ...withPolicyHeaders(final.headers, policyHeaders),
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
