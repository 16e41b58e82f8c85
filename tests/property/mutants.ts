import { replicateBatch } from "../../functions/replication/replicate";
import { formatVersion, nextVersion } from "../../functions/replication/version";
import type { StoredTicket } from "../../functions/tickets/ticket";
import { IRELAND, SINGAPORE } from "../support/tickets";
import { Rules, RULES } from "./rules";

/** Rules with one fault. */
export interface Mutant {
  readonly rules: Partial<Rules>;
  /** What some simulation must say of it; others may say something else. */
  readonly complaint: RegExp;
}

/** Length of `<milliseconds>-<counter>`. */
const TIME_LENGTH = 22;
const timeOf = ({ version }: StoredTicket): string => version.slice(0, TIME_LENGTH);

/** Faults that the property must find, by what each does. */
export const MUTANTS: Readonly<Record<string, Mutant>> = {
  "a target without tie-break": {
    rules: { replaces: (incoming, stored) => !stored || timeOf(stored) < timeOf(incoming) },
    complaint: /Both tables must hold equal items/,
  },
  "a target that takes the same version again": {
    rules: { replaces: (incoming, stored) => !stored || stored.version <= incoming.version },
    complaint: /applied at most once/,
  },
  "a target that takes whatever comes last": {
    rules: { replaces: () => true },
    complaint: /Both tables must hold equal items/,
  },
  "deletes without tombstones": {
    rules: { put: putWithoutTombstones },
    complaint: /Both tables must hold equal items/,
  },
  "replication that forwards what came from the other region": {
    rules: { replicate: forwardEverything },
    complaint: /brought back to its own region/,
  },
  "replication whose writes are stamped as the target's own": {
    rules: {
      stored: ({ region, now }, incoming) => ({
        ...incoming,
        origin: region,
        version: nextVersion(region, now(), incoming.version),
      }),
    },
    complaint: /did not come to rest/,
  },
  "replication that swallows errors": {
    rules: { replicate: async (...batch) => (await replicateBatch(...batch), { batchItemFailures: [] }) },
    complaint: /Both tables must hold equal items/,
  },
  "a writer whose version follows its clock alone": {
    rules: { put: putByTheClockAlone },
    complaint: /Both tables must hold equal items/,
  },
  "a writer that does not look whether another came first": {
    rules: { put: async ({ table }, item) => (table.write(item), item) },
    complaint: /overwrite one of its own region unseen/,
  },
  "a writer that forgets what it has seen": {
    rules: { put: (context, item, read) => RULES.put(context, { ...item, seen: {} }, read) },
    complaint: /must have seen all that it builds on/,
  },
};

/** Removes the item itself, as a DeleteItem would. */
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

/** Takes the records of both origins for the region's own. */
async function forwardEverything(
  ...[context, records]: Parameters<Rules["replicate"]>
): ReturnType<Rules["replicate"]> {
  const region = context.region === IRELAND ? SINGAPORE : IRELAND;
  const own = await replicateBatch(context, records);
  const foreign = await replicateBatch({ ...context, region }, records);
  return { batchItemFailures: [...own.batchItemFailures, ...foreign.batchItemFailures] };
}
