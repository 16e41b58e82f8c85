import type { Operation } from "../../functions/http/api";
import { createTicketOperation } from "../../functions/tickets/create";
import { expectMatch, precondition } from "../../functions/tickets/etag";
import { idempotentRequest } from "../../functions/tickets/idempotency";
import { isLive, TicketChanges, toTicket } from "../../functions/tickets/ticket";
import type { TicketFields } from "../../functions/tickets/ticket-attributes";
import { isProblem } from "../../functions/http/problem";
import { RULES, WritingOperations } from "../../simulation/rules";
import type { Mutant } from "./mutants";

/** Faults in the handling of repeated requests, by description. */
export const REQUEST_MUTANTS: Readonly<Record<string, Mutant>> = {
  "an id that is not derived from the idempotency key": {
    rules: operations({ create: withoutHeader("idempotency-key", RULES.operations.create) }),
    message: /An idempotency key must create a single ticket/,
  },
  "a fingerprint that is not compared": {
    rules: operations({ create: createWhateverTheBody }),
    message: /created from its request/,
  },
  "an edit that ignores If-Match": {
    rules: operations({ edit: withoutHeader("if-match", RULES.operations.edit) }),
    message: /A write must replace the version that If-Match names/,
  },
  "an edit that counts as applied over any version": {
    rules: operations({ edit: editDoneOverAnything }),
    message: /must contain a write that replaced the version that If-Match names/,
  },
  "a repeated edit with If-Match that is rejected": {
    rules: operations({ edit: editOverThatVersionAlone }),
    message: /may not be rejected after it was applied/,
  },
  "a delete that keeps a tombstone that is about to expire": {
    rules: operations({ delete: deleteOnce }),
    message: /must leave a tombstone for at least 29 days/,
  },
  "a delete that ignores If-Match": {
    rules: operations({ delete: withoutHeader("if-match", RULES.operations.delete) }),
    message: /A write must replace the version that If-Match names/,
  },
};

function operations(mutant: Partial<WritingOperations>): Mutant["rules"] {
  return { operations: { ...RULES.operations, ...mutant } };
}

/** Returns the operation without the header. */
function withoutHeader<T extends WritingOperations[keyof WritingOperations]>(header: string, make: T): T {
  const mutant = (context: Parameters<WritingOperations[keyof WritingOperations]>[0]): Operation => {
    const operation = (make as (given: typeof context) => Operation)(context);
    return (request) => operation({ ...request, headers: { ...request.headers, [header]: undefined } });
  };
  return mutant as T;
}

/** Returns the ticket of the key, regardless of the body. */
function createWhateverTheBody(
  ...[context]: Parameters<WritingOperations["create"]>
): ReturnType<WritingOperations["create"]> {
  return async (request) => {
    try {
      return await createTicketOperation(context)(request);
    } catch (error) {
      if (!isProblem(error) || error.problem.status !== 422) throw error;
      const key = request.headers["idempotency-key"] as string;
      const { id } = idempotentRequest(key, request.caller, request.body as TicketFields);
      const stored = await context.table.get(id);
      if (!isLive(stored)) throw error;
      return { status: 201, body: toTicket(stored) };
    }
  };
}

/** Treats an edit as applied whenever the ticket has its values. */
function editDoneOverAnything(
  ...[context]: Parameters<WritingOperations["edit"]>
): ReturnType<WritingOperations["edit"]> {
  return async (request) => {
    const stored = await context.table.get(request.pathParameters.id as string);
    const changes = Object.entries(request.body as TicketChanges);
    if (isLive(stored) && changes.every(([field, value]) => stored[field as keyof TicketChanges] === value))
      return { status: 200, body: toTicket(stored) };
    return RULES.operations.edit(context)(request);
  };
}

/** Compares only the versions. */
function editOverThatVersionAlone(
  ...[context]: Parameters<WritingOperations["edit"]>
): ReturnType<WritingOperations["edit"]> {
  return async (request) => {
    const stored = await context.table.get(request.pathParameters.id as string);
    if (isLive(stored)) expectMatch(precondition(request.headers["if-match"]), stored);
    return RULES.operations.edit(context)(request);
  };
}

/** Writes nothing over a tombstone, whatever its age. */
function deleteOnce(
  ...[context]: Parameters<WritingOperations["delete"]>
): ReturnType<WritingOperations["delete"]> {
  return async (request) => {
    const stored = await context.table.get(request.pathParameters.id as string);
    const { wasMetBefore } = precondition(request.headers["if-match"]);
    if (stored?.deleted && wasMetBefore(stored)) return { status: 204 };
    return RULES.operations.delete(context)(request);
  };
}
