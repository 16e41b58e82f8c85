import type { DynamoDBBatchResponse, DynamoDBRecord } from "aws-lambda";
import { ApplyContext, ApplyResult, applyWrite } from "../functions/replication/apply";
import type { Image } from "../functions/shared/image";
import type { ConflictSide } from "../operations/reconcile/conflict-tables";
import type { Network } from "./network";
import type { SimulatedRegion, SharedState } from "./region";
import { simulatedConflicts, simulatedTarget } from "./target";

/** Replication from one region to the other, with the simulated dependencies of its function. */
export class Link {
  /** Whether every call to the other region fails. */
  isCut = false;

  constructor(
    readonly source: SimulatedRegion,
    readonly target: SimulatedRegion,
    private readonly shared: SharedState,
  ) {}

  /** Invokes the replication function, whose calls go over the given network. */
  replicate(records: readonly DynamoDBRecord[], network: Network): Promise<DynamoDBBatchResponse> {
    const { ledger, rules } = this.shared;
    const context = {
      ...this.applyContext(network),
      region: this.source.region,
      now: this.source.now,
      quarantine: {
        add: (record: DynamoDBRecord, { error }: { readonly error: string }) =>
          network.call(() => {
            ledger.quarantined.push({ record, error });
            return "queue" as const;
          }),
      },
    };
    return rules.replicate(context, records);
  }

  /** Applies one item to the target, as reconcile does. */
  apply(image: Image, network: Network): Promise<ApplyResult> {
    return applyWrite(this.applyContext(network), image);
  }

  /** Returns the conflict table of either region, as reached from the source. */
  conflictsOf(region: SimulatedRegion, network: Network): ConflictSide {
    const isAcross = region === this.target;
    return simulatedConflicts(region, this.shared, (effect) =>
      isAcross ? network.callAcross(effect) : network.call(effect),
    );
  }

  private applyContext(network: Network): ApplyContext {
    const { source, target } = this;
    const { ledger, rules } = this.shared;
    const [there, here] = [target, source].map((region) => this.conflictsOf(region, network));
    const context = {
      target: simulatedTarget(target, ledger, (effect) => network.callAcross(effect)),
      conflicts: rules.conflictLog(there, here),
    };
    return rules.applyContext(context, target);
  }
}
