import { conflictEntry, ConflictEntry } from "../../functions/replication/conflict-entry";
import { haveEqualContent } from "../../functions/replication/content";
import { knows } from "../../functions/replication/conflict-resolution";
import { replicatedWrite, ReplicatedWrite } from "../../functions/replication/replicated-write";
import type { Image } from "../../functions/shared/image";
import type { Rules } from "../../simulation/rules";
import { toImage } from "../../testing/attribute-values";
import type { Mutant } from "./mutants";

/** Faults in the recording of conflicts, by description. */
export const CONFLICT_MUTANTS: Readonly<Record<string, Mutant>> = {
  "conflicts that are never recorded": {
    rules: { conflictLog: () => ({ record: async () => false }) },
    message: /lost write must be recorded as a conflict/,
  },
  "conflicts that are recorded after the losing item was overwritten": {
    rules: { applyContext: recordAfterwards },
    message: /lost write must be recorded as a conflict/,
  },
  "conflicts that are recorded in one region only": {
    rules: { conflictLog: (there) => ({ record: async (entry) => !(await there.put(entry)) }) },
    message: /lost write must be recorded as a conflict in both regions/,
  },
  "replication that reports every overwrite as a conflict": {
    rules: { applyContext: recordEveryOverwrite },
    message: /must be between concurrent writes/,
  },
  "replication that reports a conflict between two writes with equal content": {
    rules: { applyContext: recordEveryUnknownWrite },
    message: /Two writes with equal content are no conflict/,
  },
  "replication that ignores a field when it compares the content of two writes": {
    rules: { applyContext: overlookTheSubject },
    message: /lost write must be recorded as a conflict/,
  },
  "a conflict table that keeps the winner it saw first": {
    rules: { replacesEntry: () => false },
    message: /The lowest winner must be kept/,
  },
  "a reconciliation that does not change the conflict tables": {
    rules: { reconcileConflicts: async () => 0 },
    message: /Both regions must have equal conflict entries/,
  },
};

/** Records a conflict that the incoming write won only after the write was stored. */
function recordAfterwards(
  ...[{ target, conflicts }, { region }]: Parameters<Rules["applyContext"]>
): ReturnType<Rules["applyContext"]> {
  const pending = new Map<string, ConflictEntry>();
  return {
    conflicts: {
      record: async (entry) =>
        entry.losingOrigin === region ? Boolean(pending.set(entry.id, entry)) : conflicts.record(entry),
    },
    target: {
      put: (write) => target.put(write),
      refresh: (write) => target.refresh(write),
      async replace(write, version) {
        const isReplaced = await target.replace(write, version);
        const entry = pending.get(write.id);
        if (isReplaced && entry) await conflicts.record(entry);
        return isReplaced;
      },
    },
  };
}

/** Reports a conflict for every unknown write, regardless of its content. */
function recordEveryUnknownWrite(
  ...[{ target, conflicts }, { table }]: Parameters<Rules["applyContext"]>
): ReturnType<Rules["applyContext"]> {
  const put: typeof target.put = async (write) => {
    const stored = table.items.get(write.id);
    const other = stored && replicatedWrite(toImage(stored) as Image);
    if (other && other.version < write.version && !knows(write, other))
      await conflicts.record(conflictEntry(other, write));
    return target.put(write);
  };
  return { conflicts, target: { ...target, put } };
}

/** Records no conflict between writes that differ only in their subject. */
function overlookTheSubject(
  ...[{ target, conflicts }, { table }]: Parameters<Rules["applyContext"]>
): ReturnType<Rules["applyContext"]> {
  const incoming = new Map<string, Image>();
  const put: typeof target.put = (write) => {
    incoming.set(write.version, write.image);
    return target.put(write);
  };
  const imageOf = (id: string, version: string): Image =>
    incoming.get(version) ?? (toImage(table.items.get(id) ?? {}) as Image);
  const record: typeof conflicts.record = async (entry) => {
    const winning = { ...imageOf(entry.id, entry.winningVersion), subject: entry.losing.subject };
    return haveEqualContent(winning, entry.losing) ? false : conflicts.record(entry);
  };
  return { conflicts: { record }, target: { ...target, put } };
}

function recordEveryOverwrite(
  ...[{ target, conflicts }, { table }]: Parameters<Rules["applyContext"]>
): ReturnType<Rules["applyContext"]> {
  const put: typeof target.put = async (write) => {
    const stored = table.items.get(write.id);
    if (stored && stored.version < write.version) {
      const losing = replicatedWrite(toImage(stored) as Image) as ReplicatedWrite;
      await conflicts.record(conflictEntry(losing, write));
    }
    return target.put(write);
  };
  return { conflicts, target: { ...target, put } };
}
