import type { IncomingMessage, ServerResponse } from "node:http";
import type { LocalFauxqs } from "../sqs/fauxqs";
import type { InjectedResponse } from "../sqs/fauxqs-app";
import type { Bucket, Reader } from "./bucket";
import { errorPage, type S3Error } from "./errors";
import { namesEntityTag, objectHeaders, readObject, type ReadError } from "./read-object";

/** Website configuration of a bucket. */
export interface WebsiteConfiguration {
  /** Appended to a path that ends with a slash, such as `index.html`. */
  readonly indexDocument: string;
  /** Key of the object that is sent with a 4xx. */
  readonly errorDocument?: string;
}

/** Request headers that are passed on to the object store: conditions and ranges. */
const PASSED_ON = ["range", "if-match", "if-modified-since", "if-unmodified-since"];

/** Reader of a website. Its endpoint has neither TLS nor authentication. */
const VISITOR: Reader = { isSecure: false };

/**
 * Website endpoint of a bucket. It serves index and error documents, and returns 403 for objects that are not public, and 404 for
 * a missing object only if the public may list the bucket.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteHosting.html
 */
export class Website {
  constructor(
    private readonly fauxqs: Pick<LocalFauxqs, "inject">,
    private readonly bucket: Bucket,
    /** Applies to the next request. */
    public configuration: WebsiteConfiguration,
  ) {}

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume();
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.setHeader("allow", "GET, HEAD");
      return this.sendError(request, response, "MethodNotAllowed", "");
    }
    const path = decodedPath(request);
    if (path === undefined || path === "." || path === "..")
      return this.sendError(request, response, "InvalidURI", "");
    const key = path === "" || path.endsWith("/") ? path + this.configuration.indexDocument : path;
    const found = await this.read(key, request);
    if (typeof found !== "string") return send(request, response, found);
    const index = `${key}/${this.configuration.indexDocument}`;
    if (key === path && isMissing(found) && typeof (await this.read(index)) !== "string")
      return redirect(response, `/${path.split("/").map(encodeURIComponent).join("/")}/`);
    return this.sendError(request, response, found, key);
  }

  /** Reads an object as the public; returns the error code when that is not possible. */
  private read(key: string, request?: IncomingMessage): Promise<InjectedResponse | ReadError> {
    const headers = request && chosenHeaders(request);
    return readObject(this.fauxqs, this.bucket, VISITOR, { key, headers });
  }

  private async sendError(
    request: IncomingMessage,
    response: ServerResponse,
    error: S3Error,
    key: string,
  ): Promise<void> {
    const { errorDocument } = this.configuration;
    const page = errorPage(error, key);
    const custom = errorDocument === undefined ? undefined : await this.read(errorDocument);
    const usesCustom = custom !== undefined && typeof custom !== "string";
    const body = usesCustom ? custom.rawPayload : Buffer.from(page.html, "utf8");
    response.writeHead(page.status, {
      "content-type": usesCustom ? custom.headers["content-type"] : "text/html; charset=utf-8",
      "content-length": body.length,
      "x-amz-error-code": error,
      "x-amz-error-message": page.message,
    });
    response.end(request.method === "HEAD" ? undefined : body);
  }
}

/** Whether an object may be missing. To readers who may not list the bucket, a missing object is AccessDenied. */
function isMissing(error: S3Error): boolean {
  return error === "NoSuchKey" || error === "AccessDenied";
}

function send(request: IncomingMessage, response: ServerResponse, object: InjectedResponse): void {
  const headers = objectHeaders(object);
  if (object.statusCode === 304 || namesEntityTag(request.headers["if-none-match"], String(headers.etag))) {
    delete headers["content-length"];
    response.writeHead(304, headers).end();
    return;
  }
  response.writeHead(object.statusCode, headers);
  response.end(request.method === "HEAD" ? undefined : object.rawPayload);
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { location, "content-length": 0 }).end();
}

function chosenHeaders(request: IncomingMessage): Record<string, string> {
  const chosen: Record<string, string> = {};
  for (const name of PASSED_ON) {
    const value = request.headers[name];
    if (typeof value === "string") chosen[name] = value;
  }
  // If-None-Match has precedence.
  if (request.headers["if-none-match"] !== undefined) delete chosen["if-modified-since"];
  return chosen;
}

/** Returns the decoded path without its leading slash; undefined for malformed percent-encoding. */
function decodedPath(request: IncomingMessage): string | undefined {
  try {
    return decodeURIComponent((request.url as string).split("?", 1)[0].slice(1));
  } catch {
    return undefined;
  }
}
