import { replicateBatch } from "../../functions/replication/replicate";
import { replicatedWrite, ReplicatedWrite } from "../../functions/replication/replicated-write";
import { formatVersion, nextVersion } from "../../functions/replication/version";
import type { StoredTicket } from "../../functions/tickets/ticket";
import { Rules, RULES } from "../../simulation/rules";
import { IRELAND, SINGAPORE } from "../../testing/tickets";

/** Rules with one fault. */
export interface Mutant {
  readonly rules: Partial<Rules>;
  /** Message that at least one simulation must fail with; others may fail with another. */
  readonly message: RegExp;
}

type Stamped = Pick<StoredTicket, "version">;

/** Length of `<milliseconds>-<counter>`. */
const TIME_LENGTH = 22;
const timeOf = ({ version }: Stamped): string => version.slice(0, TIME_LENGTH);

/** Faults of the rules that make the regions converge, by description. */
export const MUTANTS: Readonly<Record<string, Mutant>> = {
  "a target without tie-break": {
    rules: { applyContext: targetThat((incoming, stored) => timeOf(stored) < timeOf(incoming)) },
    message: /Both tables must hold equal items/,
  },
  "a target that applies the same version again": {
    rules: { applyContext: targetThat((incoming, stored) => stored.version <= incoming.version) },
    message: /applied at most once/,
  },
  "a target that applies every write": {
    rules: { applyContext: targetThat(() => true) },
    message: /Both tables must hold equal items/,
  },
  "deletes without tombstones": {
    rules: { put: putWithoutTombstones },
    message: /Both tables must hold equal items/,
  },
  "replication that forwards writes of the other region": {
    rules: { replicate: forwardEverything },
    message: /replicated back to its own region/,
  },
  "replication whose writes are stamped as the target's own": {
    rules: { applyContext: stampAsTheTargets },
    message: /were not drained/,
  },
  "replication that swallows errors": {
    rules: { replicate: async (...batch) => (await replicateBatch(...batch), { batchItemFailures: [] }) },
    message: /Both tables must hold equal items/,
  },
  "a writer whose version follows its clock alone": {
    rules: { put: putByTheClockAlone },
    message: /Both tables must hold equal items/,
  },
  "a writer without a condition": {
    rules: { put: async ({ table }, item) => (table.write(item), item) },
    message: /overwrite another one of its region without reading it/,
  },
  "a writer that forgets what it has seen": {
    rules: { put: (context, item, read) => RULES.put(context, { ...item, seen: {} }, read) },
    message: /must cover all writes that the stored item builds on/,
  },
};

/** Returns a target that decides alone, without the comparison of the apply rule. */
function targetThat(
  replaces: (incoming: ReplicatedWrite, stored: StoredTicket) => boolean,
): Rules["applyContext"] {
  return ({ target, ...rest }, { table }) => ({
    ...rest,
    target: {
      ...target,
      async put(write) {
        const stored = table.items.get(write.id);
        if (!stored) return target.put(write);
        // The apply rule stops if its own write is already stored.
        if (!replaces(write, stored)) return write.image;
        await target.replace(write, stored.version);
        return undefined;
      },
    },
  });
}

function stampAsTheTargets(
  ...[{ target, ...rest }, { region, now }]: Parameters<Rules["applyContext"]>
): ReturnType<Rules["applyContext"]> {
  const put: typeof target.put = ({ image, version }) => {
    const stamp = { origin: { S: region }, version: { S: nextVersion(region, now(), version) } };
    return target.put(replicatedWrite({ ...image, ...stamp }) as ReplicatedWrite);
  };
  return { ...rest, target: { ...target, put } };
}

/** Removes the item itself, like DeleteItem. */
async function putWithoutTombstones(
  ...[context, item, read]: Parameters<Rules["put"]>
): ReturnType<Rules["put"]> {
  const written = await RULES.put(context, item, read);
  if (written?.deleted) context.table.remove(item.id);
  return written;
}

async function putByTheClockAlone(
  ...[context, item, read]: Parameters<Rules["put"]>
): ReturnType<Rules["put"]> {
  const { region, now } = context;
  const version = formatVersion({ milliseconds: now(), counter: 0, region });
  return RULES.put(context, { ...item, version }, read);
}

/** Replicates the records of both origins as the region's own. */
async function forwardEverything(
  ...[context, records]: Parameters<Rules["replicate"]>
): ReturnType<Rules["replicate"]> {
  const region = context.region === IRELAND ? SINGAPORE : IRELAND;
  const own = await replicateBatch(context, records);
  const foreign = await replicateBatch({ ...context, region }, records);
  return { batchItemFailures: [...own.batchItemFailures, ...foreign.batchItemFailures] };
}
