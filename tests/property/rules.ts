import type { DynamoDBBatchResponse, DynamoDBRecord } from "aws-lambda";
import { replicateBatch, ReplicationContext } from "../../functions/replication/replicate";
import type { StoredTicket } from "../../functions/tickets/ticket";
import type { MemoryTable } from "../support/memory-table";

/** Where a rule is at work. */
export interface RuleContext {
  readonly table: MemoryTable;
  /** AWS code of the table's region. */
  readonly region: string;
  /** Milliseconds since 1970 by the region's clock. */
  readonly now: () => number;
}

/** The rules that two regions converge by; a mutant breaks one of them. */
export interface Rules {
  /** A client's conditional write to its region's table: what was written, or undefined for a lost race. */
  put(context: RuleContext, item: StoredTicket, read: string | undefined): Promise<StoredTicket | undefined>;
  /** Whether what comes from the other region replaces what is stored: the target table's condition. */
  replaces(incoming: StoredTicket, stored: StoredTicket | undefined): boolean;
  /** What is stored of an item that comes from the other region. */
  stored(context: RuleContext, incoming: StoredTicket): StoredTicket;
  /** The replication function. */
  replicate(context: ReplicationContext, records: readonly DynamoDBRecord[]): Promise<DynamoDBBatchResponse>;
}

/** The rules as they are. */
export const RULES: Rules = {
  put: async ({ table }, item, read) => ((await table.put(item, read)) ? item : undefined),
  replaces: (incoming, stored) => stored === undefined || stored.version < incoming.version,
  stored: (_context, incoming) => incoming,
  replicate: replicateBatch,
};
