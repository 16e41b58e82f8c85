import type { DynamoDBBatchResponse, DynamoDBRecord } from "aws-lambda";
import type { ApplyContext } from "../functions/replication/apply";
import type { ConflictEntry } from "../functions/replication/conflict-entry";
import { conflictLog, ConflictLog, ConflictTable } from "../functions/replication/conflict-log";
import { replicateBatch, ReplicationContext } from "../functions/replication/replicate";
import { createTicketOperation } from "../functions/tickets/create";
import { deleteTicketOperation } from "../functions/tickets/delete";
import type { StoredTicket } from "../functions/tickets/ticket";
import { updateTicketOperation } from "../functions/tickets/update";
import { reconcileConflicts } from "../operations/reconcile/conflict-tables";
import type { MemoryTable } from "../testing/memory-table";

/** Region that a rule is applied in. */
export interface RuleContext {
  readonly table: MemoryTable;
  /** AWS code of the table's region. */
  readonly region: string;
  /** Milliseconds since 1970 by the region's clock. */
  readonly now: () => number;
}

/** Write operations of the API. */
export interface WritingOperations {
  readonly create: typeof createTicketOperation;
  readonly edit: typeof updateTicketOperation;
  readonly delete: typeof deleteTicketOperation;
}

/** Rules that make two regions converge. A mutant breaks one of them. */
export interface Rules {
  /** Operations of the API. */
  readonly operations: WritingOperations;
  /** Conditional write of a client to its region's table. Returns the written item; undefined for a lost race. */
  put(context: RuleContext, item: StoredTicket, read: string | undefined): Promise<StoredTicket | undefined>;
  /** Replication function. */
  replicate(context: ReplicationContext, records: readonly DynamoDBRecord[]): Promise<DynamoDBBatchResponse>;
  /** Returns the dependencies of the apply rule. */
  applyContext(context: ApplyContext, target: RuleContext): ApplyContext;
  /** Returns the conflict log over both regions' tables. */
  conflictLog(there: ConflictTable, here: ConflictTable): ConflictLog;
  /** Returns whether an entry replaces the stored one of the same losing write: the condition of the conflict table. */
  replacesEntry(entry: ConflictEntry, stored: ConflictEntry): boolean;
  /** Reconciliation of the conflict tables. */
  reconcileConflicts: typeof reconcileConflicts;
}

/** Real rules. */
export const RULES: Rules = {
  operations: { create: createTicketOperation, edit: updateTicketOperation, delete: deleteTicketOperation },
  put: async ({ table }, item, read) =>
    (await table.put(item, read === undefined ? undefined : { version: read })) ? item : undefined,
  replicate: replicateBatch,
  applyContext: (context) => context,
  conflictLog,
  replacesEntry: (entry, stored) => stored.winningVersion > entry.winningVersion,
  reconcileConflicts,
};
