import { apiHandler, ApiHandler, Operation } from "../http/api";
import { dynamoDB } from "../shared/aws";
import { environmentVariable } from "../shared/environment";
import { etagHeader, expectMatch, Precondition, precondition } from "./etag";
import { invalidRequest, problem } from "../http/problem";
import { ticketNotFound } from "./get";
import { listingAttributesOf } from "./listing-attributes";
import { ticketTable } from "./table";
import { imageOf, storedTicket } from "./stored-ticket";
import { isLive, isMalformed, MalformedItem, TicketChanges, TicketItem, toTicket } from "./ticket";
import { withTrimmedTexts, withDerivedStatus } from "./field-rules";
import { readThenWrite, stamp, WriteContext, writeOf } from "./writes";

/** Dependencies of `PATCH /tickets/{id}`. */
export interface UpdateContext extends WriteContext {
  /** Returns whether the conflict table of this region has an entry of a ticket with this losing version. */
  readonly hasConflict: (id: string, losingVersion: string) => Promise<boolean>;
}

/**
 * `PATCH /tickets/{id}`. Returns 200 with the edited ticket. An edit that changes nothing writes nothing. With If-Match, returns 412
 * unless the ticket has one of the ETags or the same edit was already applied to one of these versions. An edit of a malformed item
 * succeeds if the result is a well-formed ticket. Returns 409 if `resolvedConflict` names no conflict of the ticket.
 */
export function updateTicketOperation(context: UpdateContext): Operation {
  return async ({ pathParameters, headers, body }) => {
    const id = pathParameters.id as string;
    const asked = withTrimmedTexts(body as TicketChanges);
    const condition = precondition(headers["if-match"]);
    const { resolvedConflict } = asked;
    // Read before the ticket: an entry is stored before its winner replaces the losing write, and stays for 90 days.
    const isConflict = resolvedConflict === undefined || (await context.hasConflict(id, resolvedConflict));
    let isWritten = false;
    const ticket = await readThenWrite<TicketItem>(context, id, (read) => {
      isWritten = true;
      if (isMalformed(read)) {
        const correction = corrected(context, read, asked, condition);
        expectConflict(isConflict, asked, read.readable);
        return correction;
      }
      if (!isLive(read)) throw ticketNotFound(id, read);
      const changes = withDerivedStatus(asked, read);
      const isDone = !changesAnything(read, changes);
      isWritten = !isDone;
      if (isDone && condition.wasMetBefore(read)) return { result: read };
      expectMatch(condition, read);
      expectPastConflict(changes, read);
      expectConflict(isConflict, changes, read);
      if (isDone) return { result: read };
      const write = edited(context, read, changes);
      return { write, result: write };
    });
    const response = { status: 200, body: toTicket(ticket), headers: etagHeader(ticket) };
    return isWritten ? { ...response, written: writeOf(ticket) } : response;
  };
}

function edited(context: WriteContext, read: TicketItem, changes: TicketChanges): TicketItem {
  const ticket = { ...read, ...changes, updatedAt: new Date(context.now()).toISOString() };
  return { ...ticket, ...listingAttributesOf(ticket), ...stamp(context, read) };
}

/**
 * Applies an edit to a malformed item.
 * @throws Problem 404 if the result is malformed too; 412 with If-Match, because a malformed item has no ETag.
 */
function corrected(
  context: WriteContext,
  found: MalformedItem,
  changes: TicketChanges,
  condition: Precondition,
): { readonly write: TicketItem; readonly result: TicketItem } {
  const { id, readable } = found;
  const updatedAt = new Date(context.now()).toISOString();
  const ticket = { ...readable, ...withDerivedStatus(changes, readable), id, updatedAt };
  const write = { ...ticket, ...listingAttributesOf(ticket), ...stamp(context, found) } as TicketItem;
  const isCorrected = found.malformed.every((name) => name in write);
  if (!isCorrected || !storedTicket(imageOf(write))) throw ticketNotFound(id, found);
  expectMatch(condition, found);
  return { write, result: write };
}

/**
 * Checks that the settled conflict is older than the ticket, as every losing write is. A newer version would hide future conflicts.
 * @throws Problem 400 if it is not.
 */
function expectPastConflict({ resolvedConflict }: TicketChanges, { version }: TicketItem): void {
  if (resolvedConflict === undefined || resolvedConflict < version) return;
  const detail = `Must be the losingVersion of a conflict of this ticket, which is older than the version ${version} of the ticket.`;
  throw invalidRequest([{ field: "resolvedConflict", detail }]);
}

/**
 * Checks that the settled conflict is one of the ticket. The mark that the ticket already has is accepted, because its entry may
 * have expired. 409 and not 400, because another region or a later request can accept it.
 * @param isConflict whether this region has an entry of the conflict.
 * @throws Problem 409 if it is not.
 */
function expectConflict(
  isConflict: boolean,
  { resolvedConflict }: TicketChanges,
  stored: Pick<Partial<TicketItem>, "resolvedConflict">,
): void {
  if (isConflict || resolvedConflict === stored.resolvedConflict) return;
  const detail =
    "Must be the losingVersion of a conflict of this ticket. This region has no such conflict: the ticket never had it, it expired, or " +
    "it has not reached this region yet.";
  throw problem(409, "Conflict not found", `resolvedConflict: ${detail} Nothing was written.`, {
    errors: [{ field: "resolvedConflict", detail }],
  });
}

function changesAnything(ticket: TicketItem, changes: TicketChanges): boolean {
  return Object.entries(changes).some(([field, value]) => ticket[field as keyof TicketChanges] !== value);
}

/** Callback factory of `PATCH /tickets/{id}`. */
export function updateTicket(): ApiHandler {
  const region = environmentVariable("AWS_REGION");
  return apiHandler(
    "updateTicket",
    updateTicketOperation({
      table: ticketTable(),
      region,
      now: () => Date.now(),
      hasConflict: conflictLookup(region),
    }),
  );
}

/** Returns a lookup in the conflict table that the environment of the function names. */
function conflictLookup(region: string): UpdateContext["hasConflict"] {
  let database: ReturnType<typeof dynamoDB> | undefined;
  const TableName = environmentVariable("CONFLICT_TABLE_NAME");
  return async (id, losingVersion) => {
    // Connected on first use, because few edits resolve a conflict.
    const { commands, client } = (database ??= dynamoDB(region, {
      connectionTimeout: 1000,
      requestTimeout: 2000,
      maxAttempts: 3,
    }));
    const { Item } = await client.send(
      new commands.GetItemCommand({
        TableName,
        Key: { id: { S: id }, losingVersion: { S: losingVersion } },
        ProjectionExpression: "id",
        ConsistentRead: true,
      }),
    );
    return Item !== undefined;
  };
}
