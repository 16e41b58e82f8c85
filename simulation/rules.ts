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

/** Where a rule is at work. */
export interface RuleContext {
  readonly table: MemoryTable;
  /** AWS code of the table's region. */
  readonly region: string;
  /** Milliseconds since 1970 by the region's clock. */
  readonly now: () => number;
}

/** The API's operations that write. */
export interface WritingOperations {
  readonly create: typeof createTicketOperation;
  readonly edit: typeof updateTicketOperation;
  readonly delete: typeof deleteTicketOperation;
}

/** The rules that two regions converge by; a mutant breaks one of them. */
export interface Rules {
  /** What answers clients. */
  readonly operations: WritingOperations;
  /** A client's conditional write to its region's table: what was written, or undefined for a lost race. */
  put(context: RuleContext, item: StoredTicket, read: string | undefined): Promise<StoredTicket | undefined>;
  /** The replication function. */
  replicate(context: ReplicationContext, records: readonly DynamoDBRecord[]): Promise<DynamoDBBatchResponse>;
  /** What the rule of replication is given to bring a write to the target. */
  applyContext(context: ApplyContext, target: RuleContext): ApplyContext;
  /** The log of conflicts over both regions' tables. */
  conflictLog(there: ConflictTable, here: ConflictTable): ConflictLog;
  /** Whether an entry replaces the one of the same losing write: the conflict table's condition. */
  replacesEntry(entry: ConflictEntry, stored: ConflictEntry): boolean;
  /** What reconcile does with the conflict tables. */
  reconcileConflicts: typeof reconcileConflicts;
}

/** The rules as they are. */
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
