import type { DynamoDBRecord } from "aws-lambda";
import { conflictLog } from "../../../functions/replication/conflict-log";
import type { QuarantineReason } from "../../../functions/replication/quarantined-record";
import type { ReplicationContext } from "../../../functions/replication/replicate";
import { MemoryConflictTable } from "../../support/memory-conflict-table";
import { MemoryTarget } from "../../../testing/memory-target";
import { IRELAND, NOW } from "../../../testing/tickets";

/** A target table, conflict tables and a quarantine that do as they are told and say what they were asked. */
export interface ReplicationFakes {
  readonly context: ReplicationContext;
  readonly target: MemoryTarget;
  /** The conflict table of the target's region, then the one of the source's. */
  readonly conflicts: readonly [MemoryConflictTable, MemoryConflictTable];
  readonly quarantined: { readonly record: DynamoDBRecord; readonly reason: QuarantineReason }[];
  /** Errors that the target throws, by version. */
  readonly targetErrors: Map<string, string>;
  /** Whether the quarantine rejects. */
  quarantineFails: boolean;
  /** Where the quarantine says that it stored a record. */
  quarantinePlace: "queue" | "bucket";
  /** Every version that the target was asked to put, in order. */
  asked(): string[];
}

/** The surroundings of replication from Ireland, where the clock stands at `NOW`. */
export function replicationFakes(): ReplicationFakes {
  const target = new MemoryTarget();
  target.before = (_, version) => {
    const name = fakes.targetErrors.get(version);
    if (name) throw Object.assign(new Error("The target refused."), { name });
  };
  const conflicts = [new MemoryConflictTable(), new MemoryConflictTable()] as const;
  const fakes: ReplicationFakes = {
    target,
    conflicts,
    quarantined: [],
    targetErrors: new Map(),
    quarantineFails: false,
    quarantinePlace: "queue",
    asked: () => target.calls.filter((call) => call.startsWith("put ")).map((call) => call.slice(4)),
    context: {
      region: IRELAND,
      now: () => NOW,
      target,
      conflicts: conflictLog(...conflicts),
      quarantine: {
        async add(record, reason) {
          if (fakes.quarantineFails) throw new Error("The queue is away.");
          fakes.quarantined.push({ record, reason });
          return fakes.quarantinePlace;
        },
      },
    },
  };
  return fakes;
}
