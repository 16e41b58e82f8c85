import { apiHandler, ApiHandler, Operation } from "../api";
import { environmentVariable } from "../environment";
import { jsonBody } from "../json-body";
import { newTicketFields } from "./fields";
import { ticketTable } from "./table";
import { TicketItem, toTicket } from "./ticket";
import { stamp, WriteContext } from "./writes";

/** What creating a ticket needs besides a table. */
export interface CreateContext extends WriteContext {
  /** A new ULID for a time in milliseconds since 1970. */
  readonly newId: (milliseconds: number) => string;
}

/** `POST /tickets`: 201 with the ticket and its location. */
export function createTicketOperation(context: CreateContext): Operation {
  return async (request) => {
    const fields = newTicketFields(jsonBody(request));
    const now = context.now();
    const time = new Date(now).toISOString();
    const item: TicketItem = {
      ...fields,
      id: context.newId(now),
      createdBy: request.caller,
      createdAt: time,
      updatedAt: time,
      ...stamp(context, undefined),
    };
    if (!(await context.table.put(item, undefined)) && !(await isStored(context, item)))
      throw new Error(`The new id ${item.id} is taken already.`);
    return { status: 201, body: toTicket(item), headers: { location: `/tickets/${item.id}` } };
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
    createTicketOperation({ table: ticketTable(), region, now: () => Date.now(), newId: ulid }),
  );
}
