import type { DynamoDBRecord } from "aws-lambda";
import type { QuarantineReason } from "../../../functions/replication/quarantine";
import type { ReplicationContext } from "../../../functions/replication/replicate";
import { IRELAND, NOW } from "../../support/tickets";

/** A target table and a quarantine that do as they are told and say what they were asked. */
export interface ReplicationFakes {
  readonly context: ReplicationContext;
  /** What the target holds: version by item. */
  readonly versions: Map<string, string>;
  /** Every version that the target was asked to apply, in order. */
  readonly asked: string[];
  readonly quarantined: { readonly record: DynamoDBRecord; readonly reason: QuarantineReason }[];
  /** Errors that the target throws, by version. */
  readonly targetErrors: Map<string, string>;
  /** Whether the quarantine rejects. */
  quarantineFails: boolean;
}

/** The surroundings of replication from Ireland, where the clock stands at `NOW`. */
export function replicationFakes(): ReplicationFakes {
  const fakes: ReplicationFakes = {
    versions: new Map(),
    asked: [],
    quarantined: [],
    targetErrors: new Map(),
    quarantineFails: false,
    context: {
      region: IRELAND,
      now: () => NOW,
      target: {
        async apply(image, version) {
          fakes.asked.push(version);
          await new Promise(setImmediate);
          const name = fakes.targetErrors.get(version);
          if (name) throw Object.assign(new Error("The target refused."), { name });
          const id = image.id.S as string;
          if ((fakes.versions.get(id) ?? "") >= version) return "stale";
          fakes.versions.set(id, version);
          return "applied";
        },
      },
      quarantine: {
        async add(record, reason) {
          if (fakes.quarantineFails) throw new Error("The queue is away.");
          fakes.quarantined.push({ record, reason });
        },
      },
    },
  };
  return fakes;
}
