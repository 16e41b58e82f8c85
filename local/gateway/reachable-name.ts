import type { IncomingHttpHeaders } from "node:http";
import { Transform } from "node:stream";
import type { Rewriting } from "./proxy";

/** Where the deployment tells the page the API's failover name. */
const PAGE_CONFIG = "/config.json";

/**
 * Changes what the page's distribution answers on its way to an ordinary browser, which can resolve only the local gateway's names:
 * the page is given the API's name there for the failover name, and may call it. What is deployed stays as the program made it.
 * @param path of the request.
 * @param failoverUrl as the program has it, such as `https://api.tickets.test`.
 * @param reachableUrl the same API through the local gateway, such as `http://api.localhost:4700`.
 */
export function reachableName(path: string, failoverUrl: string, reachableUrl: string): Rewriting {
  const isConfig = path.split("?")[0] === PAGE_CONFIG;
  return {
    // What is replaced in must be text.
    request: isConfig ? { "accept-encoding": "identity" } : {},
    answer: (headers) => ({
      headers: answerHeaders(headers, failoverUrl, reachableUrl, isConfig),
      body: isConfig ? replaced(failoverUrl, reachableUrl) : undefined,
    }),
  };
}

function answerHeaders(
  headers: IncomingHttpHeaders,
  failoverUrl: string,
  reachableUrl: string,
  isConfig: boolean,
): IncomingHttpHeaders {
  const { "content-security-policy": policy, "content-length": length, ...rest } = headers;
  return {
    ...rest,
    ...(policy !== undefined && {
      "content-security-policy": String(policy).replaceAll(failoverUrl, reachableUrl),
    }),
    ...(length !== undefined && !isConfig && { "content-length": length }),
  };
}

/** Passes a short text on once it has all of it, with every occurrence replaced. */
function replaced(text: string, by: string): Transform {
  const chunks: Buffer[] = [];
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
    flush(done) {
      done(null, Buffer.concat(chunks).toString().replaceAll(text, by));
    },
  });
}
