import type { FauxqsApp, FauxqsRequest } from "./fauxqs-app";

/** The host that fauxqs is told, so that it knows each queue by one URL. */
export const FAUXQS_HOST = "fauxqs";

/** Operations that answer with queue URLs. */
const TELLING = /^AmazonSQS\.(CreateQueue|GetQueueUrl|ListQueues)$/;

/**
 * Makes fauxqs take queue URLs as SQS does, by their path, and give them with the host that the caller asked.
 * fauxqs alone knows a queue by one exact URL, whose host name does not resolve everywhere.
 */
export function takeQueueUrlsByPath(app: FauxqsApp, region: string): void {
  const base = `http://sqs.${region}.${FAUXQS_HOST}/`;
  const askedHost = new WeakMap<FauxqsRequest, string>();
  app.addHook("preHandler", (request, _reply, done) => {
    const { body, headers } = request;
    askedHost.set(request, String(headers.host));
    // fauxqs would add this header's port to the URL of a new queue.
    headers.host = FAUXQS_HOST;
    if (isRecord(body) && typeof body.QueueUrl === "string")
      body.QueueUrl = body.QueueUrl.replace(/^https?:\/\/[^/]*\//, base);
    done();
  });
  app.addHook("onSend", (request, _reply, payload, done) => {
    const tells = TELLING.test(String(request.headers["x-amz-target"]));
    if (!tells || typeof payload !== "string") return done(null, payload);
    done(null, payload.replaceAll(base, `http://${askedHost.get(request)}/`));
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
