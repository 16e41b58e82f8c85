import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import { changeWholeBody, type ProxyOptions } from "../aws/reverse-proxy";

/** Changes that the gateway makes to a request and to its response. */
export interface Rewriting {
  /** Headers that replace the client's own. */
  readonly requestHeaders: OutgoingHttpHeaders;
  readonly changeResponse: ProxyOptions["changeResponse"];
}

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
    requestHeaders: isConfig ? { "accept-encoding": "identity" } : {},
    changeResponse: (headers) => ({
      headers: answerHeaders(headers, failoverUrl, reachableUrl, isConfig),
      body: isConfig
        ? changeWholeBody((body) => body.toString().replaceAll(failoverUrl, reachableUrl))
        : undefined,
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
