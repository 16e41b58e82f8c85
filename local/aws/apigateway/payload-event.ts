import type { IncomingMessage } from "node:http";
import type { TLSSocket } from "node:tls";
import { randomBytes } from "node:crypto";
import { ACCOUNT } from "../resource";
import type { RequestTarget } from "./model";
import type { TokenAuthorization } from "./token-verification";

/** Data of a request before its route is selected. */
export interface ReceivedRequest {
  readonly requestId: string;
  /** Time of arrival. */
  readonly at: Date;
  readonly method: string;
  /** Path as the client sent it, without the query. */
  readonly path: string;
  readonly rawQueryString: string;
  /** Names in lower case, values of one name joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly protocol: string;
  readonly sourceIp: string;
}

/** Content types whose body is passed to the function as text. All other bodies, also those without a type, are base64-encoded. */
const TEXT_TYPES = /^(text\/.*|application\/(json|xml|javascript))$/i;

/**
 * Creates the event of payload format 2.0. Keys without a value are omitted, as on AWS.
 * See "Create AWS Lambda proxy integrations for HTTP APIs",
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html; which content types
 * are text is not documented and follows measurements of the service.
 */
export function payloadEvent(
  arrival: ReceivedRequest,
  target: RequestTarget,
  route: {
    readonly key: string;
    readonly pathParameters: Readonly<Record<string, string>> | undefined;
    readonly authorization?: TokenAuthorization;
  },
  body: Buffer,
): Record<string, unknown> {
  const { cookie, ...headers } = arrival.headers;
  const rawPath = eventPath(target);
  return {
    version: "2.0",
    routeKey: route.key,
    rawPath,
    rawQueryString: arrival.rawQueryString,
    ...(cookie !== undefined && { cookies: cookie.split(/;\s*/).filter(Boolean) }),
    headers: { ...headers, "content-length": String(body.length) },
    ...(arrival.rawQueryString !== "" && { queryStringParameters: queryParameters(arrival.rawQueryString) }),
    ...(route.pathParameters && { pathParameters: route.pathParameters }),
    ...(target.stage.variables && { stageVariables: target.stage.variables }),
    requestContext: requestContext(arrival, target, route, rawPath),
    ...encodeBody(body, headers["content-type"]),
  };
}

function requestContext(
  arrival: ReceivedRequest,
  target: RequestTarget,
  { key: routeKey, authorization }: { readonly key: string; readonly authorization?: TokenAuthorization },
  path: string,
): object {
  return {
    accountId: ACCOUNT,
    apiId: target.api.id,
    ...(authorization && { authorizer: authorization }),
    domainName: target.domainName,
    domainPrefix: target.domainName.split(".")[0],
    http: {
      method: arrival.method,
      path,
      protocol: arrival.protocol,
      sourceIp: arrival.sourceIp,
      userAgent: arrival.headers["user-agent"] ?? "",
    },
    requestId: arrival.requestId,
    routeKey,
    stage: target.stage.name,
    time: clfTime(arrival.at),
    timeEpoch: arrival.at.getTime(),
  };
}

/** Reads a request and adds the headers of a proxy: `x-forwarded-for`, `-proto` and `-port`, and `x-amzn-trace-id`. */
export function receiveRequest(
  request: IncomingMessage,
  path: string,
  rawQueryString: string,
): ReceivedRequest {
  const { socket } = request;
  const sourceIp = socket.remoteAddress ?? "";
  const headers = joinHeaders(request.rawHeaders);
  const at = new Date();
  return {
    requestId: randomBytes(11).toString("base64"),
    at,
    method: request.method ?? "",
    path,
    rawQueryString,
    headers: {
      ...headers,
      "x-amzn-trace-id": headers["x-amzn-trace-id"] ?? traceId(at),
      "x-forwarded-for": [headers["x-forwarded-for"], sourceIp].filter(Boolean).join(", "),
      "x-forwarded-port": String(socket.localPort ?? ""),
      "x-forwarded-proto": (socket as Partial<TLSSocket>).encrypted ? "https" : "http",
    },
    protocol: `HTTP/${request.httpVersion}`,
    sourceIp,
  };
}

/** Formats a time in the common log format: `12/Mar/2020:19:03:58 +0000`. */
export function clfTime(date: Date): string {
  const [, day, month, year, time] = /, (\d+) (\w+) (\d+) ([\d:]+)/.exec(date.toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}

/** Returns the path for the event: decoded, with the name of a stage other than `$default`, without the API mapping key. */
function eventPath({ stage, path }: RequestTarget): string {
  return `${stage.name === "$default" ? "" : `/${stage.name}`}${decodeURIComponent(path)}`;
}

function queryParameters(rawQueryString: string): Record<string, string> {
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    const before = parameters.get(name);
    parameters.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(parameters);
}

function joinHeaders(rawHeaders: readonly string[]): Record<string, string> {
  const joined = new Map<string, string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index].toLowerCase();
    if (["connection", "keep-alive", "transfer-encoding", "upgrade"].includes(name)) continue;
    const before = joined.get(name);
    const separator = name === "cookie" ? "; " : ",";
    joined.set(
      name,
      before === undefined ? rawHeaders[index + 1] : before + separator + rawHeaders[index + 1],
    );
  }
  return Object.fromEntries(joined);
}

function encodeBody(body: Buffer, contentType: string | undefined): Record<string, unknown> {
  if (body.length === 0) return { isBase64Encoded: false };
  const isText = TEXT_TYPES.test((contentType ?? "").split(";")[0].trim());
  return { body: body.toString(isText ? "utf8" : "base64"), isBase64Encoded: !isText };
}

function traceId(at: Date): string {
  return `Root=1-${Math.floor(at.getTime() / 1000).toString(16)}-${randomBytes(12).toString("hex")}`;
}
