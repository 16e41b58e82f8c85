import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { FauxqsApp, FauxqsRequest } from "./fauxqs-app";
import { importModule } from "../import-module";

// Patches of fauxqs 1, because version 2 needs Node.js 22. The test of each patch also fails when fauxqs no longer needs it.
// Remove the override of `cookie` in package.json with them: the version that fauxqs requires needs Node.js 22.

/** Host name of fauxqs, so that it knows each queue by one URL. */
export const FAUXQS_HOST = "fauxqs";

/** Applies the patches to one application. */
export function patchApp(app: Pick<FauxqsApp, "addHook">, region: string): void {
  keepObjectHeaders(app);
  listObjectVersions(app);
  acceptQueueUrlsByPath(app, region);
}

/**
 * A character that a message must not hold; SQS rejects the whole message with InvalidMessageContents. The `u` flag makes
 * a pair of surrogates one character, so that only a lone surrogate is outside the set.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
// eslint-disable-next-line no-control-regex
const NOT_ALLOWED = /[^\x09\x0A\x0D\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/**
 * Replaces the character set of fauxqs by that of SQS in every app of this process. The set of fauxqs ends at U+FFFD, so it
 * rejects emoji, which SQS allows.
 */
export async function allowSqsCharacters(): Promise<void> {
  (await forbiddenCharacters()).test = (body) => NOT_ALLOWED.test(body);
}

/**
 * Returns the expression by which fauxqs rejects a message. Its module is not part of the public interface of fauxqs, so it
 * is imported by its path; package.json pins the version.
 */
export async function forbiddenCharacters(): Promise<RegExp> {
  const path = join(packageFolder("fauxqs"), "dist/sqs/sqsTypes.js");
  return (await importModule<SqsTypes>(pathToFileURL(path).href)).INVALID_MESSAGE_BODY_CHAR;
}

interface SqsTypes {
  readonly INVALID_MESSAGE_BODY_CHAR: RegExp;
}

/** Returns the folder of a package that does not export its package.json. @throws Error when it is not installed. */
function packageFolder(name: string): string {
  for (const folder of createRequire(__filename).resolve.paths(name) ?? []) {
    try {
      return realpathSync(join(folder, name));
    } catch {
      // Not in this folder; try the next one, as Node does.
    }
  }
  throw new Error(`The package ${name} is not installed. Run npm ci.`);
}

/** Operations whose responses contain queue URLs. */
const WITH_QUEUE_URLS = /^AmazonSQS\.(CreateQueue|GetQueueUrl|ListQueues)$/;

/**
 * Makes fauxqs identify a queue by the path of its URL, as SQS does, and return URLs with the host of the request.
 * fauxqs alone knows a queue by one exact URL, whose host name does not resolve everywhere.
 */
function acceptQueueUrlsByPath(app: Pick<FauxqsApp, "addHook">, region: string): void {
  const base = `http://sqs.${region}.${FAUXQS_HOST}/`;
  const requestHost = new WeakMap<FauxqsRequest, string>();
  app.addHook("preHandler", (request, _reply, done) => {
    const { body, headers } = request;
    requestHost.set(request, String(headers.host));
    // fauxqs would add this header's port to the URL of a new queue.
    headers.host = FAUXQS_HOST;
    if (isRecord(body) && typeof body.QueueUrl === "string")
      body.QueueUrl = body.QueueUrl.replace(/^https?:\/\/[^/]*\//, base);
    done();
  });
  app.addHook("onSend", (request, _reply, payload, done) => {
    const hasUrls = WITH_QUEUE_URLS.test(String(request.headers["x-amz-target"]));
    if (!hasUrls || typeof payload !== "string") return done(null, payload);
    done(null, payload.replaceAll(base, `http://${requestHost.get(request)}/`));
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** Headers that S3 stores with an object and fauxqs does not. */
const KEPT = ["cache-control", "content-disposition", "content-encoding", "content-language"];

/**
 * Makes fauxqs store the system metadata of an object and return it as headers.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html#SysMetadata
 */
function keepObjectHeaders(app: Pick<FauxqsApp, "addHook">): void {
  const headersByPath = new Map<string, Record<string, string>>();
  app.addHook("onSend", (request, reply, payload, done) => {
    const path = pathOf(request);
    if (request.method === "PUT" && reply.statusCode === 200) headersByPath.set(path, headersOf(request));
    if (request.method === "DELETE") headersByPath.delete(path);
    if (request.method === "GET" || request.method === "HEAD")
      for (const [name, value] of Object.entries(headersByPath.get(path) ?? {}))
        if (reply.statusCode < 400) reply.header(name, value);
    done(null, payload);
  });
}

/** Returns the decoded path, so that all encodings of a path are equal. */
function pathOf(request: FauxqsRequest): string {
  const path = request.url.split("?", 1)[0];
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function headersOf(request: FauxqsRequest): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of KEPT) {
    // `aws-chunked` is an encoding of the transfer, not of the object.
    const value = String(request.headers[name] ?? "").replace(/\baws-chunked\b,?\s*/, "");
    if (value !== "") kept[name] = value;
  }
  return kept;
}

/**
 * Makes fauxqs answer ListObjectVersions. Buckets keep no old versions here, so each object has one version, whose id is `null`, as in
 * an AWS bucket without versioning. fauxqs alone answers with a list of objects, which clients read as a bucket without versions.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
 */
function listObjectVersions(app: Pick<FauxqsApp, "addHook">): void {
  const asksForVersions = ({ method, query }: FauxqsRequest): boolean =>
    method === "GET" && query.versions !== undefined;
  app.addHook("preHandler", (request, _reply, done) => {
    const { "key-marker": marker } = request.query;
    if (asksForVersions(request) && marker !== undefined) request.query.marker = marker;
    done();
  });
  app.addHook("onSend", (request, reply, payload, done) => {
    if (!asksForVersions(request) || reply.statusCode !== 200 || typeof payload !== "string")
      return done(null, payload);
    const versions = payload
      .replace(/(<\/?)ListBucketResult\b/g, "$1ListVersionsResult")
      .replace(/<Contents>/g, "<Version><VersionId>null</VersionId><IsLatest>true</IsLatest>")
      .replace(/<\/Contents>/g, "</Version>")
      .replace(/(<\/?)(Next)?Marker>/g, "$1$2KeyMarker>");
    done(null, versions);
  });
}
