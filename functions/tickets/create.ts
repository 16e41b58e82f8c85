import { apiHandler, ApiHandler, ApiResponse, Operation } from "../http/api";
import { environmentVariable } from "../shared/environment";
import { problem } from "../http/problem";
import { asUncertain } from "../shared/uncertain-write";
import { etagHeader } from "./etag";
import { expectSameRequest, IdempotentRequest, idempotentRequest } from "./idempotency";
import { listingAttributes } from "./listing-attributes";
import { ticketTable } from "./table";
import { isLive, isMalformed, TicketItem, toTicket } from "./ticket";
import type { TicketFields } from "./ticket-attributes";
import { withTrimmedTexts, withDerivedStatus } from "./field-rules";
import { readThenWrite, stamp, WriteContext, writeOf } from "./writes";

/** Dependencies of `POST /tickets`. */
export interface CreateContext extends WriteContext {
  /** Returns a new ULID for a time in milliseconds since the Unix epoch. */
  readonly newId: (milliseconds: number) => string;
}

/**
 * `POST /tickets`. Returns 201 with the ticket and its location. A repeated request with the same idempotency key returns the ticket
 * that the first request created.
 */
export function createTicketOperation(context: CreateContext): Operation {
  return async ({ body, headers, caller }) => {
    // The request check has filled in the defaults.
    const fields = body as TicketFields;
    const key = headers["idempotency-key"];
    if (key === undefined) {
      const item = await createNew(context, fields, caller);
      return { ...created(item), written: writeOf(item) };
    }
    return createOnce(context, fields, caller, idempotentRequest(key, caller, fields));
  };
}

async function createNew(context: CreateContext, fields: TicketFields, caller: string): Promise<TicketItem> {
  const item = newItem(context, context.newId(context.now()), fields, caller);
  const written = await context.table.put(item, undefined);
  if (written) return item;
  try {
    if (await isStored(context, item)) return item;
    throw new Error(`The new ticket id ${item.id} already exists.`);
  } catch (error) {
    throw written === undefined ? asUncertain(error) : error;
  }
}

/** Creates the ticket of an idempotency key unless it exists. A put whose response was lost counts as an earlier request. */
async function createOnce(
  context: CreateContext,
  fields: TicketFields,
  caller: string,
  request: IdempotentRequest,
): Promise<ApiResponse> {
  const { id, fingerprint } = request;
  let isReplay = false;
  const ticket = await readThenWrite<TicketItem>(context, id, (read) => {
    isReplay = read !== undefined;
    if (isLive(read)) {
      expectSameRequest(request, read.idempotencyFingerprint);
      return { result: read };
    }
    if (isMalformed(read))
      throw problem(
        409,
        "Ticket malformed",
        `The item ${id} of this Idempotency-Key is malformed. Nothing was written. ` +
          `${read.faults.join(" ")} Use a new key for a new ticket.`,
      );
    if (read)
      throw problem(
        409,
        "Ticket deleted",
        `The ticket ${id} of this Idempotency-Key was deleted. Nothing was written. Use a new key for a new ticket.`,
      );
    const write = { ...newItem(context, id, fields, caller), idempotencyFingerprint: fingerprint };
    return { write, result: write };
  });
  if (isReplay) return created(ticket, { "idempotency-replayed": "true" });
  return { ...created(ticket), written: writeOf(ticket) };
}

function newItem(context: WriteContext, id: string, fields: TicketFields, createdBy: string): TicketItem {
  const time = new Date(context.now()).toISOString();
  const entered = withTrimmedTexts(fields);
  const ticket = {
    ...entered,
    ...withDerivedStatus(entered, {}),
    id,
    createdBy,
    createdAt: time,
    updatedAt: time,
  };
  return { ...ticket, ...listingAttributes(ticket), ...stamp(context, undefined) };
}

function created(item: TicketItem, headers: ApiResponse["headers"] = {}): ApiResponse {
  return {
    status: 201,
    body: toTicket(item),
    headers: { location: `/tickets/${item.id}`, ...etagHeader(item), ...headers },
  };
}

/**
 * Whether the table has the item that a put wrote. The SDK retries a put whose response was lost. The retry then finds the item of
 * the first attempt, or an edit of it by a client that found the ticket in the list.
 */
async function isStored({ table }: CreateContext, { id, version, origin }: TicketItem): Promise<boolean> {
  const stored = await table.get(id);
  return stored?.version === version || (stored?.seen[origin] ?? "") >= version;
}

/** Callback factory of `POST /tickets`. */
export function createTicket(): ApiHandler {
  // The package is in the archive of the function. Only a plain require keeps its name (an import becomes a deep path).
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { ulid } = require("ulid") as typeof import("ulid");
  const region = environmentVariable("AWS_REGION");
  return apiHandler(
    "createTicket",
    createTicketOperation({ table: ticketTable(), region, now: () => Date.now(), newId: ulid }),
  );
}
