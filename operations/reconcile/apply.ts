import type { ConnectedRegion } from "../cli/aws-clients";
import * as commands from "@aws-sdk/client-dynamodb";
import { ApplyResult, applyWrite, crossingWrite } from "../../functions/replication/apply";
import { conflictLog, conflictTable } from "../../functions/replication/conflict-log";
import { resolveConflict } from "../../functions/replication/conflict-resolution";
import { versionedWrite } from "../../functions/replication/replicated-write";
import type { Image } from "../../functions/shared/image";
import { targetTable } from "../../functions/replication/target-table";

/** Brings an item to a table by the rule of replication. Rejects with AWS's error when it cannot be written. */
export type ApplyImage = (image: Image) => Promise<ApplyResult>;

/** A table that single items are read from. */
interface TableReader {
  get(id: string): Promise<Image | undefined>;
}

/** The rule of replication into a region's table; conflicts go to the conflict tables of both regions. */
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

/** What the rule would make of an item now; writes nothing. A conflict that is recorded already counts too. */
export function previewFor(table: TableReader): ApplyImage {
  return async (image) => {
    const incoming = crossingWrite(image);
    const stored = await table.get(incoming.id);
    if (!stored) return { result: "applied", conflict: false };
    const { wins, isConflict } = resolveConflict(incoming, versionedWrite(stored, "in the target table"));
    return { result: wins ? "applied" : "stale", conflict: isConflict };
  };
}
