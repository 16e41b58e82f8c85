import { apiHandler, ApiHandler, ApiResponse, Operation } from "../http/api";
import { environmentVariable } from "../shared/environment";
import { problem } from "../http/problem";
import { etagHeader } from "./etag";
import { expectSameRequest, IdempotentRequest, idempotentRequest } from "./idempotency";
import { listingAttributes } from "./listing-attributes";
import { ticketTable } from "./table";
import { isLive, isMalformed, TicketItem, toTicket } from "./ticket";
import type { TicketFields } from "./ticket-attributes";
import { withTrimmedTexts, withDerivedStatus } from "./field-rules";
import { readThenWrite, stamp, WriteContext } from "./writes";

/** What creating a ticket needs besides a table. */
export interface CreateContext extends WriteContext {
  /** A new ULID for a time in milliseconds since 1970. */
  readonly newId: (milliseconds: number) => string;
}

/** `POST /tickets`: 201 with the ticket and its location; with an idempotency key, the one that it made before. */
export function createTicketOperation(context: CreateContext): Operation {
  return async ({ body, headers, caller }) => {
    // The document has filled in the defaults.
    const fields = body as TicketFields;
    const key = headers["idempotency-key"];
    if (key === undefined) return created(await createNew(context, fields, caller));
    return createOnce(context, fields, caller, idempotentRequest(key, caller, fields));
  };
}

async function createNew(context: CreateContext, fields: TicketFields, caller: string): Promise<TicketItem> {
  const item = newItem(context, context.newId(context.now()), fields, caller);
  if (!(await context.table.put(item, undefined)) && !(await isStored(context, item)))
    throw new Error(`The new id ${item.id} is taken already.`);
  return item;
}

/** Creates the ticket of a key unless it is there; a put whose answer was lost counts as an earlier request. */
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
  return created(ticket, isReplay ? { "idempotency-replayed": "true" } : {});
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
 * A put whose answer was lost is tried again by the SDK, and then finds what it wrote itself, or what somebody who found
 * it in the listing has made of it since.
 */
async function isStored({ table }: CreateContext, { id, version, origin }: TicketItem): Promise<boolean> {
  const stored = await table.get(id);
  return stored?.version === version || (stored?.seen[origin] ?? "") >= version;
}

/** The callback factory of `POST /tickets`. */
export function createTicket(): ApiHandler {
  // The package ships in the function's archive; a plain require keeps its name as it is there.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { ulid } = require("ulid") as typeof import("ulid");
  const region = environmentVariable("AWS_REGION");
  return apiHandler(
    "createTicket",
    createTicketOperation({ table: ticketTable(), region, now: () => Date.now(), newId: ulid }),
  );
}
