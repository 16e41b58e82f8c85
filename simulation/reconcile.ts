import type { Image } from "../functions/shared/image";
import type { Rules } from "./rules";
import { newCheckpoint } from "../operations/reconcile/checkpoint";
import { reconcile } from "../operations/reconcile/reconcile";
import type { Side } from "../operations/reconcile/side";
import { ReadRateLimiter } from "../operations/reconcile/read-rate";
import { toImage } from "../testing/attribute-values";
import type { Link } from "./link";
import type { Network } from "./network";
import type { SimulatedRegion } from "./region";
import type { Call } from "./target";

/** Items per page: few, so that other steps happen between two pages. */
const PAGE_ITEMS = 2;

/**
 * Runs the real reconciliation, in the first region.
 * @param links from the first region to the second and back.
 * @param now true time in milliseconds since 1970.
 * @returns whether it completed.
 */
export async function reconcileRegions(
  [there, back]: readonly [Link, Link],
  rules: Rules,
  network: Network,
  now: () => number,
): Promise<boolean> {
  const sides: [Side, Side] = [
    sideOf(there.source, back, network, (effect) => network.call(effect)),
    sideOf(back.source, there, network, (effect) => network.callAcross(effect)),
  ];
  const tables = sides.map(({ name, code }) => ({ name, code, table: "tickets" }));
  const flags = { dryRun: false, stamp: false, deep: false };
  const sleep = async (): Promise<void> => undefined;
  try {
    await reconcile({
      ...flags,
      sides,
      checkpoint: newCheckpoint({ stack: "simulation", tables, ...flags }, 1),
      readRate: new ReadRateLimiter(undefined, { now, sleep }),
      pageSize: PAGE_ITEMS,
      now,
      sleep,
      onPage: sleep,
      signal: new AbortController().signal,
    });
    await rules.reconcileConflicts(
      [there.conflictsOf(there.source, network), there.conflictsOf(there.target, network)],
      now,
    );
    return true;
  } catch {
    return false;
  }
}

function sideOf({ region, table }: SimulatedRegion, into: Link, network: Network, call: Call): Side {
  const imageOf = (id: string): Image | undefined => {
    const item = table.items.get(id);
    return item && (toImage(item) as Image);
  };
  return {
    name: region,
    code: region,
    apply: (image) => into.apply(image, network),
    table: {
      scan: ({ after = "", limit }) =>
        call(() => {
          const ids = [...table.items.keys()].sort().filter((id) => id > after);
          const page = ids.slice(0, limit);
          const images = page.map((id) => imageOf(id) as Image);
          return { images, next: ids.length > limit ? page[page.length - 1] : undefined };
        }),
      getMany: (ids) =>
        call(() => {
          const found = ids.map((id) => [id, imageOf(id)] as const);
          return new Map(found.filter((entry): entry is [string, Image] => entry[1] !== undefined));
        }),
      get: (id) => call(() => imageOf(id)),
      stamp: () => Promise.reject(new Error("Every simulated item has a version, or may not be replicated.")),
      list: () => Promise.reject(new Error("Every simulated ticket is listed.")),
    },
  };
}
