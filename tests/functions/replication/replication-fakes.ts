import type { DynamoDBRecord } from "aws-lambda";
import { conflictLog } from "../../../functions/replication/conflict-log";
import type { QuarantineReason } from "../../../functions/replication/quarantined-record";
import type { ReplicationContext } from "../../../functions/replication/replicate";
import { MemoryConflictTable } from "../../support/memory-conflict-table";
import { MemoryTarget } from "../../../testing/memory-target";
import { IRELAND, NOW } from "../../../testing/tickets";

/** Fake target table, conflict tables and quarantine. They record their calls and fail on request. */
export interface ReplicationFakes {
  readonly context: ReplicationContext;
  readonly target: MemoryTarget;
  /** Conflict tables of the target region and the source region, in this order. */
  readonly conflicts: readonly [MemoryConflictTable, MemoryConflictTable];
  readonly quarantined: { readonly record: DynamoDBRecord; readonly reason: QuarantineReason }[];
  /** Errors that the target throws, by version. */
  readonly targetErrors: Map<string, string>;
  /** Whether the quarantine rejects every record. */
  quarantineFails: boolean;
  /** Place that the quarantine returns. */
  quarantinePlace: "queue" | "bucket";
  /** Versions that were put to the target, in order. */
  asked(): string[];
}

/** Returns the context of replication from Ireland with a clock fixed at `NOW`. */
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
