import type { Addresses } from "../../../local/addresses";
import type { ConsoleState } from "../../../local/console/state";
import type { DrillReport } from "../../../operations/drill/report/report";
import type { Checkpoint } from "../../../operations/reconcile/checkpoint";
import type { StatusReport } from "../../../operations/status/report";

/** JSON that commands print, write to files or serve. The snapshot `json.txt` lists its members. */
export interface CommandJson {
  /** `npm run status -- --json`. */
  readonly status: StatusReport;
  /** File that `npm run drill -- --report FILE` writes. */
  readonly drillReport: DrillReport;
  /** Resume file of `npm run reconcile`. */
  readonly reconcileResume: Checkpoint;
  /** `npm start -- --json`, and the console's `GET /addresses`. */
  readonly addresses: Addresses;
  /** The console's `GET /state`. */
  readonly consoleState: ConsoleState;
}
