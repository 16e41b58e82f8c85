import { isDeepStrictEqual } from "node:util";
import { faultsOf, problemFaults } from "./response-check";
import type { HttpResponse, HttpRequest } from "./http-client";
import type { ExpectedRequest } from "./request-arbitraries";

/** Statuses of responses that API Gateway creates itself, in its own format. */
const GATEWAY_STATUSES = [400, 403, 404, 413, 429, 431];
/** Statuses that a valid request must not get. */
const INVALID_REQUEST = [400, 413, 415];
/** Maximum length of each part of a request in a message. */
const SHOWN_LETTERS = 500;

/** Returns the faults of the response to a request whose validity is known. */
export function expectedRequestFaults(
  { operation, wrongField }: ExpectedRequest,
  response: HttpResponse,
  region: string,
): string[] {
  if (isThrottled(response)) return gatewayFaults(response);
  const faults = [...faultsOf(operation.operationId, response, region), ...serverFaults(response)];
  if (wrongField === undefined)
    return INVALID_REQUEST.includes(response.status) ? [...faults, "The request was valid."] : faults;
  if (response.status !== 400)
    return [...faults, `${wrongField} was invalid, but the status is ${response.status}.`];
  const named = fieldsOf(response);
  if (isDeepStrictEqual(named, [wrongField])) return faults;
  return [...faults, `${wrongField} was invalid, but the response names ${JSON.stringify(named)}.`];
}

/** Returns the faults of the response to a hostile request. */
export function hostileRequestFaults(
  { method }: HttpRequest,
  response: HttpResponse,
  region: string,
): string[] {
  const faults = serverFaults(response);
  // These responses have no problem details.
  if (method === "HEAD" || response.status < 400) return faults;
  const isOwn = response.headers["x-served-by"] !== undefined;
  return [...faults, ...(isOwn ? problemFaults(response, region) : gatewayFaults(response))];
}

/** Returns a short description of a request. */
export function requestSummary({ method, path, headers, body }: HttpRequest): string {
  const sent = JSON.stringify({ headers, body: body?.toString() });
  return `${method} ${path.slice(0, SHOWN_LETTERS)} ${sent.slice(0, SHOWN_LETTERS)}`;
}

function isThrottled({ status }: HttpResponse): boolean {
  return status === 429;
}

function serverFaults({ status, text }: HttpResponse): string[] {
  return status >= 500 ? [`The status is ${status}: ${text}`] : [];
}

function gatewayFaults({ status, text }: HttpResponse): string[] {
  if (!GATEWAY_STATUSES.includes(status)) return [`API Gateway does not return ${status}.`];
  const { message } = JSON.parse(text) as { message?: unknown };
  return typeof message === "string" ? [] : [`The response of API Gateway has no message: ${text}`];
}

function fieldsOf({ text }: HttpResponse): string[] {
  const { errors = [] } = JSON.parse(text) as { errors?: readonly { field: string }[] };
  return errors.map(({ field }) => field);
}
