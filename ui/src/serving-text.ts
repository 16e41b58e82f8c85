import type { RegionalApi } from "./data/region-request";
import type { RegionalState } from "./data/region-standing";
import { nameOfCode, regionName } from "./data/wording";

/** One line about how the regions stand; there is always one, so that the page never has to make room for it. */
export function standingText(state: RegionalState, regions: readonly RegionalApi[]): string {
  if (state.offline) return "This page keeps asking. What you have typed stays here.";
  const { preferred, current } = state;
  if (current !== preferred)
    return `${regionName(preferred)} does not answer. This region serves until it is back.`;
  const others = regions.filter((region) => region !== current);
  return others.map((region) => otherText(region, state.answered[region.code])).join(" ");
}

/** @param answered undefined for a region that was not asked yet. */
function otherText(region: RegionalApi, answered: boolean | undefined): string {
  if (answered === undefined) return `Asking whether ${regionName(region)} stands by.`;
  return `${regionName(region)} ${answered ? "stands by" : "does not answer"}.`;
}

/** What is said once when another region serves than before; undefined when none does. */
export function moveText(
  before: RegionalState,
  now: RegionalState,
  regions: readonly RegionalApi[],
): string | undefined {
  if (now.offline !== before.offline)
    return now.offline ? offlineText(regions) : `${servingName(now, regions)} answers again.`;
  if (now.current === before.current) return undefined;
  return now.current === now.preferred
    ? `${regionName(now.current)} answers for its health and serves now.`
    : `${regionName(before.current)} does not answer. ${regionName(now.current)} serves now.`;
}

function offlineText(regions: readonly RegionalApi[]): string {
  return `No answer from ${regions.map(regionName).join(" or ")}. What you have typed stays here.`;
}

function servingName({ servedBy, current }: RegionalState, regions: readonly RegionalApi[]): string {
  return servedBy === undefined ? regionName(current) : nameOfCode(servedBy, regions);
}
