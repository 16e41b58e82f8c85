import { apiHandler, ApiHandler, Operation } from "../api";
import { environmentVariable } from "../environment";
import { jsonBody } from "../json-body";
import { changedTicketFields } from "./fields";
import { noSuchTicket } from "./get";
import { ticketId } from "./ids";
import { ticketTable } from "./table";
import { isLive, TicketFields, TicketItem, toTicket } from "./ticket";
import { readThenWrite, stamp, WriteContext } from "./writes";

/** `PATCH /tickets/{id}`: 200 with the ticket as it is now; an edit that changes nothing writes nothing. */
export function updateTicketOperation(context: WriteContext): Operation {
  return async (request) => {
    const id = ticketId(request.pathParameters);
    const changes = changedTicketFields(jsonBody(request));
    const ticket = await readThenWrite<TicketItem>(context, id, (read) => {
      if (!isLive(read)) throw noSuchTicket(id);
      if (!changesAnything(read, changes)) return { result: read };
      const updatedAt = new Date(context.now()).toISOString();
      const write: TicketItem = {
        ...read,
        ...changes,
        updatedAt,
        ...stamp(context, read),
      };
      return { write, result: write };
    });
    return { status: 200, body: toTicket(ticket) };
  };
}

function changesAnything(ticket: TicketItem, changes: Partial<TicketFields>): boolean {
  return Object.entries(changes).some(([field, value]) => ticket[field as keyof TicketFields] !== value);
}

/** The callback factory of `PATCH /tickets/{id}`. */
export function updateTicket(): ApiHandler {
  const region = environmentVariable("AWS_REGION");
  return apiHandler(updateTicketOperation({ table: ticketTable(), region, now: () => Date.now() }));
}
