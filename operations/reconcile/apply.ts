import type { ConnectedRegion } from "../cli/aws-clients";
import * as commands from "@aws-sdk/client-dynamodb";
import { Applied, applyWrite, crossing } from "../../functions/replication/apply";
import { conflictLog, conflictTable } from "../../functions/replication/conflict-log";
import { UNVERSIONED_ITEM } from "../../functions/replication/failure";
import { judge } from "../../functions/replication/judge";
import { ReplicatedWrite, replicatedWrite } from "../../functions/replication/replicated-write";
import type { Image } from "../../functions/replication/stream-record";
import { targetTable } from "../../functions/replication/target-table";

/** Brings an item to a table by the rule of replication. Rejects with AWS's error when it cannot be written. */
export type ApplyImage = (image: Image) => Promise<Applied>;

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
    const incoming = crossing(image);
    const stored = await table.get(incoming.id);
    if (!stored) return { result: "applied", conflict: false };
    const { wins, isConflict } = judge(incoming, requireWrite(stored));
    return { result: wins ? "applied" : "stale", conflict: isConflict };
  };
}

function requireWrite(image: Image): ReplicatedWrite {
  const write = replicatedWrite(image);
  if (write) return write;
  const message = `The item ${image.id?.S} has no version in the known form or no origin.`;
  throw Object.assign(new Error(message), { name: UNVERSIONED_ITEM });
}
