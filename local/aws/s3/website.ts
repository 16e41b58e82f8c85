import type { IncomingMessage, ServerResponse } from "node:http";
import type { LocalFauxqs } from "../sqs/fauxqs";
import type { InjectedResponse } from "../sqs/fauxqs-app";
import type { Bucket, Reader } from "./bucket";
import { errorPage, type S3Error } from "./errors";
import { namesEntityTag, objectHeaders, readObject, type ReadError } from "./read-object";

/** How a bucket serves as a website. */
export interface WebsiteConfiguration {
  /** Appended to a path that ends with a slash, such as `index.html`. */
  readonly indexDocument: string;
  /** Key of the object that is sent with a 4xx. */
  readonly errorDocument?: string;
}

/** Request headers that choose what of an object is sent. */
const PASSED_ON = ["range", "if-match", "if-modified-since", "if-unmodified-since"];

/** A website endpoint has no TLS and asks nobody for credentials. */
const VISITOR: Reader = { isSecure: false };

/**
 * Answers one request as S3's website endpoint: index and error documents, 403 where the public may not read, and
 * 404 for a missing object only if the public may list the bucket.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteHosting.html
 */
export class Website {
  constructor(
    private readonly fauxqs: Pick<LocalFauxqs, "inject">,
    private readonly bucket: Bucket,
    private readonly configuration: WebsiteConfiguration,
  ) {}

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume();
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.setHeader("allow", "GET, HEAD");
      return this.refuse(request, response, "MethodNotAllowed", "");
    }
    const path = decodedPath(request);
    if (path === undefined || path === "." || path === "..")
      return this.refuse(request, response, "InvalidURI", "");
    const key = path === "" || path.endsWith("/") ? path + this.configuration.indexDocument : path;
    const found = await this.read(key, request);
    if (typeof found !== "string") return send(request, response, found);
    const index = `${key}/${this.configuration.indexDocument}`;
    if (key === path && isMissing(found) && typeof (await this.read(index)) !== "string")
      return redirect(response, `/${path.split("/").map(encodeURIComponent).join("/")}/`);
    return this.refuse(request, response, found, key);
  }

  /** The object, or why the public does not get it. */
  private read(key: string, request?: IncomingMessage): Promise<InjectedResponse | ReadError> {
    const headers = request && chosenHeaders(request);
    return readObject(this.fauxqs, this.bucket, VISITOR, { key, headers });
  }

  private async refuse(
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

/** A missing object is AccessDenied to those who may not list the bucket. */
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
  // If-None-Match, when given, is the condition that counts.
  if (request.headers["if-none-match"] !== undefined) delete chosen["if-modified-since"];
  return chosen;
}

/** The path without its first slash, decoded; undefined when it is not well encoded. */
function decodedPath(request: IncomingMessage): string | undefined {
  try {
    return decodeURIComponent((request.url as string).split("?", 1)[0].slice(1));
  } catch {
    return undefined;
  }
}
