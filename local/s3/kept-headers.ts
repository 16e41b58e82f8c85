import type { FauxqsApp, FauxqsRequest } from "../fauxqs-app";

/** Headers that S3 stores with an object and fauxqs does not. */
const KEPT = ["cache-control", "content-disposition", "content-encoding", "content-language"];

/**
 * Makes fauxqs store an object's own headers and give them back with it.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html#SysMetadata
 */
export function keepObjectHeaders(app: Pick<FauxqsApp, "addHook">): void {
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

/** One spelling for all encodings of a path. */
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
    // `aws-chunked` tells how the body was sent, not what it is.
    const value = String(request.headers[name] ?? "").replace(/\baws-chunked\b,?\s*/, "");
    if (value !== "") kept[name] = value;
  }
  return kept;
}
