import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "../log";
import { effectsOf } from "../region-state";
import type { Regions } from "../regions";
import { formatAccessLog } from "./access-log";
import { isPreflight, withCorsHeaders, withPreflightHeaders } from "./cors";
import { receiveRequest, payloadEvent, type ReceivedRequest } from "./payload-event";
import { callIntegration, NOT_PERMITTED, sourceArnOf, type IntegrationResult } from "./integration";
import {
  gatewayResponse,
  type Api,
  type FunctionInvoker,
  type HttpResponse,
  type Integration,
  type RequestTarget,
  type Route,
  type ServedRequest,
} from "./model";
import { isHeadTooLarge, readBody, splitTarget } from "./request-limits";
import { matchRoute } from "./routes";
import type { SigningKeys } from "./signing-keys";
import { verifyToken, type TokenAuthorization, type TokenRejection } from "./token-verification";

/** Dependencies of the handling of requests. */
export interface HandlerContext {
  readonly lambda: FunctionInvoker;
  readonly regions: Regions;
  readonly log: Log;
  readonly served: (request: ServedRequest) => void;
  /** Whether API Gateway's own responses have no CORS headers. */
  readonly ownResponsesLackCors: boolean;
  /** Keys of the issuers of tokens. */
  readonly keys: SigningKeys;
  /** Now, in milliseconds since 1970. */
  readonly clock: () => number;
}

/** Finds the stage for a percent-encoded path and a Host header, or returns the response when there is none. */
export type FindRequestTarget = (path: string, host: string | undefined) => RequestTarget | HttpResponse;

/** A response, with the route and the integration result for the access log. */
interface Outcome {
  readonly response: HttpResponse;
  readonly routeKey?: string;
  readonly integration?: IntegrationResult;
  readonly authorization?: TokenAuthorization | TokenRejection;
}

/** Methods that change nothing. */
const READS = ["GET", "HEAD", "OPTIONS"];

/** Handles one request to an API of a region, from its limits to its access log. Never rejects. */
export async function handleRequest(
  context: HandlerContext,
  region: string,
  findTarget: FindRequestTarget,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const split = splitTarget(request.url ?? "");
  if (effectsOf(context.regions.byCode(region).state).isSilent) return void request.resume();
  const arrival = receiveRequest(request, split?.path ?? "", split?.query ?? "");
  const target = split ? findTarget(split.path, request.headers.host) : gatewayResponse(400, "Bad Request");
  try {
    const body = await readBody(request);
    const outcome =
      "api" in target ? await respondTo(context, target, arrival, request, body) : { response: target };
    const { state, roundTripMs } = context.regions.byCode(region);
    const delayMs = (effectsOf(state).api.delayMs ?? 0) + roundTrips(request) * roundTripMs;
    if (delayMs > 0) await delay(delayMs, undefined, { ref: false });
    const isBare = context.ownResponsesLackCors && outcome.response.message !== undefined;
    const result =
      "api" in target && !isBare ? addCorsHeaders(target, arrival, outcome.response) : outcome.response;
    write(response, arrival, result);
    if ("api" in target) logAccess(context, target, arrival, outcome);
    context.served({
      region,
      method: arrival.method,
      path: arrival.path,
      status: result.status,
      at: Date.now(),
    });
  } catch (error) {
    context.log(
      `${context.regions.byCode(region).name} api`,
      `${arrival.method} ${arrival.path}: ${String(error)}`,
    );
    response.destroy();
  }
}

/** Connections that have carried a request. */
const used = new WeakSet<Socket>();

/** Returns the round trips that a request takes: with TLS 1.3, the first one of a connection takes two more, for TCP and for TLS. */
function roundTrips({ socket }: IncomingMessage): number {
  if (used.has(socket)) return 1;
  used.add(socket);
  return 3;
}

async function respondTo(
  context: HandlerContext,
  target: RequestTarget,
  arrival: ReceivedRequest,
  request: IncomingMessage,
  body: Buffer | "too large",
): Promise<Outcome> {
  const { api } = effectsOf(context.regions.byCode(target.api.region).state);
  if (api.rejects) return { response: gatewayResponse(503, "Service Unavailable") };
  if (isHeadTooLarge(request)) return { response: gatewayResponse(431, "Request Header Fields Too Large") };
  if (body === "too large") return { response: gatewayResponse(413, "Request Entity Too Large") };
  const match = matchRoute([...target.api.routes.values()], arrival.method, target.path);
  if (!match) return { response: unmatched(target, arrival) };
  const { route, pathParameters } = match;
  const { key } = route.pattern;
  if (!target.stage.throttle.admits(key))
    return { response: gatewayResponse(429, "Too Many Requests"), routeKey: key };
  const authorization = await authorize(context, target.api, route, arrival);
  if (authorization && "status" in authorization)
    return { response: deniedResponse(authorization), routeKey: key, authorization };
  const sourceArn = sourceArnOf(target.api.executionArn, target.stage.name, arrival.method, key);
  const event = payloadEvent(arrival, target, { key, pathParameters, authorization }, body);
  const { functionArn, timeoutMs } = integrationOf(target.api, route);
  const called = await callIntegration(context.lambda, { functionArn, timeoutMs }, sourceArn, event);
  const isLost = api.leavesUnanswered === "writes" && !READS.includes(arrival.method);
  const integration = isLost ? { ...called, response: gatewayResponse(503, "Service Unavailable") } : called;
  if (integration.error) logFailure(context, target, functionArn, sourceArn, integration.error);
  return { response: integration.response, routeKey: key, integration, authorization };
}

/** Verifies the token of a request; undefined if the route is public. */
async function authorize(
  { keys, clock }: HandlerContext,
  api: Api,
  { authorizerId, scopes }: Route,
  { headers }: ReceivedRequest,
): Promise<TokenAuthorization | TokenRejection | undefined> {
  if (authorizerId === undefined) return undefined;
  const authorizer = api.authorizers.get(authorizerId);
  if (!authorizer) throw new Error(`The API ${api.id} has no authorizer ${authorizerId}.`);
  return verifyToken(authorizer, scopes, headers[authorizer.identityHeader], keys, clock());
}

function deniedResponse({ status, challenge }: TokenRejection): HttpResponse {
  const response = gatewayResponse(status, status === 401 ? "Unauthorized" : "Forbidden");
  return { ...response, headers: { ...response.headers, "www-authenticate": challenge } };
}

/** Returns the integration of a route; one that a route refers to cannot be deleted. */
function integrationOf(api: Api, { integrationId }: Route): Integration {
  const integration = api.integrations.get(integrationId);
  if (!integration) throw new Error(`The API ${api.id} has no integration ${integrationId}.`);
  return integration;
}

/**
 * Response to a request that matches no route. The CORS configuration answers preflight requests "even if there isn't an
 * OPTIONS route", but only then: "The $default route catches requests for all methods and routes that you haven't explicitly
 * defined, including OPTIONS requests", and so does `ANY`.
 * See "Configure CORS for HTTP APIs", https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
function unmatched({ api }: RequestTarget, { method, headers }: ReceivedRequest): HttpResponse {
  if (api.settings.cors && isPreflight(method, headers))
    return { status: 204, headers: {}, cookies: [], body: Buffer.alloc(0) };
  return gatewayResponse(404, "Not Found");
}

function addCorsHeaders(
  { api }: RequestTarget,
  { method, headers }: ReceivedRequest,
  result: HttpResponse,
): HttpResponse {
  if (!api.settings.cors) return result;
  const overlay = isPreflight(method, headers) ? withPreflightHeaders : withCorsHeaders;
  return { ...result, headers: overlay(api.settings.cors, headers.origin, result.headers) };
}

function write(response: ServerResponse, { requestId }: ReceivedRequest, result: HttpResponse): void {
  const bodiless = result.status === 204 || result.status === 304;
  response.writeHead(result.status, {
    ...result.headers,
    ...(result.cookies.length > 0 && { "set-cookie": [...result.cookies] }),
    ...(!bodiless && { "content-length": result.body.length }),
    "apigw-requestid": requestId,
  });
  response.end(bodiless ? undefined : result.body);
}

function logAccess(
  { regions, log }: HandlerContext,
  target: RequestTarget,
  arrival: ReceivedRequest,
  outcome: Outcome,
): void {
  const format = target.stage.accessLogFormat;
  if (format === undefined) return;
  const { response, routeKey, integration, authorization } = outcome;
  const line = formatAccessLog(format, {
    arrival,
    target,
    routeKey,
    authorization,
    status: response.status,
    responseLength: response.body.length,
    errorMessage: response.message,
    integration: integration && { ...integration, status: response.status },
  });
  log(`${regions.byCode(target.api.region).name} access`, line);
}

function logFailure(
  { regions, log }: HandlerContext,
  { api }: RequestTarget,
  functionArn: string,
  sourceArn: string,
  error: string,
): void {
  const cause =
    error === NOT_PERMITTED
      ? `API Gateway may not call ${functionArn} for ${sourceArn}: no aws.lambda.Permission with the action ` +
        `"lambda:InvokeFunction", the principal "apigateway.amazonaws.com", ${qualifierIn(functionArn)} and a sourceArn such as ` +
        `"${api.executionArn}/*/*" allows it.`
      : `${functionArn}: ${error}`;
  log(`${regions.byCode(api.region).name} api`, cause);
}

/** Describes the qualifier of a permission, which applies only to invocations with exactly its version or alias. */
function qualifierIn(functionArn: string): string {
  const qualifier = functionArn.split(":")[7];
  return qualifier === undefined ? "no qualifier" : `the qualifier "${qualifier}"`;
}
