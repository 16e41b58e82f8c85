import assert from "node:assert/strict";
import type { OperationId } from "../../../functions/openapi/document";
import { CheckedRequest, requestCheck } from "../../../functions/openapi/request-check";
import type { FieldError } from "../../../functions/http/problem";
import { httpEvent, problemOf } from "../../../testing/api-calls";
import { idOf } from "../../../testing/tickets";

type Event = Parameters<typeof httpEvent>[2];

/** Runs the request check of an operation. The path of the event has a ticket id by default. */
export function checked(operationId: OperationId, event: Event = {}): CheckedRequest {
  return requestCheck(operationId)(httpEvent("GET", "/", { pathParameters: { id: idOf(1) }, ...event }));
}

/** Returns the field errors of an event that is rejected with 400. */
export async function errorsOf(operationId: OperationId, event: Event): Promise<readonly FieldError[]> {
  const { problem } = await problemOf(() => checked(operationId, event));
  assert.equal(problem.status, 400);
  return problem.errors ?? [];
}
