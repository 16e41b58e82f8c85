import type { ConnectedRegion } from "../cli/aws-clients";
import * as commands from "@aws-sdk/client-dynamodb";
import { ApplyResult, applyWrite, crossingWrite } from "../../functions/replication/apply";
import { conflictLog, conflictTable } from "../../functions/replication/conflict-log";
import { resolveConflict } from "../../functions/replication/conflict-resolution";
import { versionedWrite } from "../../functions/replication/replicated-write";
import type { Image } from "../../functions/shared/image";
import { targetTable } from "../../functions/replication/target-table";

/** Writes an item to a table under the apply rule of replication. Rejects with the AWS error if the write fails. */
export type ApplyImage = (image: Image) => Promise<ApplyResult>;

/** Reader of single items. */
interface TableReader {
  get(id: string): Promise<Image | undefined>;
}

/** Returns a function that applies items to a region's table. Conflicts are recorded in the conflict tables of both regions. */
export function applierFor(target: ConnectedRegion, other: ConnectedRegion): ApplyImage {
  const databaseOf = ({ clients }: ConnectedRegion) => ({ commands, client: clients.dynamodb });
  const context = {
    target: targetTable(databaseOf(target), target.region.table),
    conflicts: conflictLog(
      conflictTable(databaseOf(target), target.region.conflictTable),
      conflictTable(databaseOf(other), other.region.conflictTable),
    ),
  };
  return (image) => applyWrite(context, image);
}

/** Returns a function that reports the result of applying an item without writing it. Recorded conflicts count again. */
export function previewFor(table: TableReader): ApplyImage {
  return async (image) => {
    const incoming = crossingWrite(image);
    const stored = await table.get(incoming.id);
    if (!stored) return { result: "applied", conflict: false };
    const { wins, isConflict } = resolveConflict(incoming, versionedWrite(stored, "in the target table"));
    return { result: wins ? "applied" : "stale", conflict: isConflict };
  };
}
