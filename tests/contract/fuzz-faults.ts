import { isDeepStrictEqual } from "node:util";
import { faultsOf, problemFaults } from "./response-check";
import type { HttpResponse, HttpRequest } from "./http-client";
import type { ExpectedRequest } from "./request-arbitraries";

/** What API Gateway answers by itself, in a form of its own. */
const GATEWAY_STATUSES = [400, 403, 404, 413, 429, 431];
/** What a request that is right may not be answered. */
const WRONG_REQUEST = [400, 413, 415];
/** What is left of a request in a message. */
const SHOWN_LETTERS = 500;

/** What is wrong with the answer to a request of which all is known; empty when nothing is. */
export function expectedRequestFaults(
  { operation, wrongField }: ExpectedRequest,
  answer: HttpResponse,
  region: string,
): string[] {
  if (isThrottled(answer)) return gatewayFaults(answer);
  const faults = [...faultsOf(operation.operationId, answer, region), ...serverFaults(answer)];
  if (wrongField === undefined)
    return WRONG_REQUEST.includes(answer.status) ? [...faults, "Nothing was wrong."] : faults;
  if (answer.status !== 400)
    return [...faults, `${wrongField} was wrong, but the status is ${answer.status}.`];
  const named = fieldsOf(answer);
  if (isDeepStrictEqual(named, [wrongField])) return faults;
  return [...faults, `${wrongField} was wrong, but these are named: ${JSON.stringify(named)}.`];
}

/** What is wrong with the answer to a hostile request; empty when nothing is. */
export function hostileRequestFaults(
  { method }: HttpRequest,
  answer: HttpResponse,
  region: string,
): string[] {
  const faults = serverFaults(answer);
  // These have no body that could say anything.
  if (method === "HEAD" || answer.status < 400) return faults;
  const isOwn = answer.headers["x-served-by"] !== undefined;
  return [...faults, ...(isOwn ? problemFaults(answer, region) : gatewayFaults(answer))];
}

/** A request in few words. */
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
  if (!GATEWAY_STATUSES.includes(status)) return [`API Gateway does not answer ${status}.`];
  const { message } = JSON.parse(text) as { message?: unknown };
  return typeof message === "string" ? [] : [`API Gateway says no message: ${text}`];
}

function fieldsOf({ text }: HttpResponse): string[] {
  const { errors = [] } = JSON.parse(text) as { errors?: readonly { field: string }[] };
  return errors.map(({ field }) => field);
}
