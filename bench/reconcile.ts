import type { Image } from "../functions/shared/image";
import { formatVersion } from "../functions/replication/version";
import { newCheckpoint } from "../operations/reconcile/checkpoint";
import { reconcile } from "../operations/reconcile/reconcile";
import type { ReconciledTable, Side } from "../operations/reconcile/side";
import { exitCodeOf, sum } from "../operations/reconcile/tally";
import { ReadRateLimiter } from "../operations/reconcile/read-rate";

const ITEMS = 1_000_000;
const SEGMENTS = 4;
const PAGE_ITEMS = 500;
/** Maximum resident memory, in MB. */
const MAXIMUM_MEGABYTES = 300;
/** Every MISSING_EVERY-th item is missing in the second table. */
const MISSING_EVERY = 10_000;
const ORIGIN = "eu-west-1";
const WRITTEN_AT = Date.UTC(2025, 0, 1);

/**
 * Reconciles two tables of a million small items. The items are generated when they are read, so that only the reconciliation is
 * measured.
 * @throws Error if the reconciliation finds other differences than the existing ones, or needs too much memory.
 */
export async function benchReconcile(): Promise<void> {
  const start = performance.now();
  const [first, second] = [generatedSide("ireland", ORIGIN, false), generatedSide("singapore", ORIGIN, true)];
  const tables = [first, second].map(({ name, code }) => ({ name, code, table: "generated" }));
  const scope = { stack: "bench", tables, dryRun: false, stamp: false, deep: false };
  const checkpoint = newCheckpoint(scope, SEGMENTS);
  const clock = { now: Date.now, sleep: async () => undefined };
  let most = 0;
  await reconcile({
    sides: [first, second],
    checkpoint,
    readRate: new ReadRateLimiter(undefined, clock),
    pageSize: PAGE_ITEMS,
    dryRun: false,
    stamp: false,
    deep: false,
    signal: new AbortController().signal,
    ...clock,
    async onPage() {
      most = Math.max(most, process.memoryUsage.rss());
    },
  });
  const seconds = (performance.now() - start) / 1000;
  const compared = sum(checkpoint.tally.compared);
  const megabytes = Math.round(most / 2 ** 20);
  const rate = Math.round(compared / seconds).toLocaleString("en");
  console.log(
    `reconcile: ${compared.toLocaleString("en")} items of two tables in ${seconds.toFixed(0)} s (${rate}/s), ` +
      `${sum(checkpoint.tally.repaired)} repaired, at most ${megabytes} MB resident`,
  );
  if (exitCodeOf(checkpoint.tally) !== 1 || sum(checkpoint.tally.repaired) !== ITEMS / MISSING_EVERY)
    throw new Error("The reconciliation did not find the expected differences.");
  if (megabytes >= MAXIMUM_MEGABYTES)
    throw new Error(
      `The reconciliation used ${megabytes} MB of memory; the limit is ${MAXIMUM_MEGABYTES} MB.`,
    );
}

/** Returns a table of generated items. A table that lacks some accepts repairs. */
function generatedSide(name: string, code: string, lacksSome: boolean): Side {
  const repaired = new Set<string>();
  const has = (number: number): boolean =>
    !lacksSome || number % MISSING_EVERY !== 0 || repaired.has(String(number).padStart(26, "0"));
  const table: ReconciledTable = {
    async scan({ segment, after, limit }) {
      const end = ((segment + 1) * ITEMS) / SEGMENTS;
      const from = after === undefined ? (segment * ITEMS) / SEGMENTS : Number(after) + 1;
      const to = Math.min(from + limit, end);
      const numbers = Array.from({ length: to - from }, (_, index) => from + index);
      const next = to < end ? String(to - 1) : undefined;
      return { images: numbers.filter(has).map(imageOf), next };
    },
    async getMany(ids) {
      const numbers = ids.map(Number).filter(has);
      return new Map(numbers.map(imageOf).map((image) => [image.id.S as string, image]));
    },
    async get(id) {
      return has(Number(id)) ? imageOf(Number(id)) : undefined;
    },
    stamp: () => Promise.reject(new Error("Every item has a version.")),
    list: () => Promise.reject(new Error("No item is a ticket.")),
  };
  return {
    name,
    code,
    table,
    async apply(image) {
      repaired.add(image.id.S as string);
      return { result: "applied", conflict: false };
    },
  };
}

function imageOf(number: number): Image {
  const version = formatVersion({ milliseconds: WRITTEN_AT + number, counter: 0, region: ORIGIN });
  return { id: { S: String(number).padStart(26, "0") }, version: { S: version }, origin: { S: ORIGIN } };
}
