import { ApiProblem, ChangeLost, NoRegionAnswers, RegionBehind } from "./errors";
import type { RegionalApi } from "./region-request";

type Region = Pick<RegionalApi, "name" | "code">;

/** A region's nickname as people write it: `cape-town` is Cape Town. */
export function regionName({ name }: Region): string {
  return name
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(" ");
}

/** The name of the region with an AWS code, or the code itself when it is none of those known. */
export function nameOfCode(code: string, regions: readonly Region[]): string {
  const region = regions.find((known) => known.code === code);
  return region ? regionName(region) : code;
}

/** `Ireland · eu-west-1`. */
export function regionLabel(code: string, regions: readonly Region[]): string {
  const name = nameOfCode(code, regions);
  return name === code ? code : `${name} · ${code}`;
}

/**
 * What to say about a write that failed.
 * @throws whatever is no failure of a write: a mistake in the page.
 */
export function problemText(error: unknown, regions: readonly Region[]): string {
  if (error instanceof NoRegionAnswers) {
    const why = lowerFirst(neither(regions));
    return error.uncertain
      ? `This may or may not have been saved: ${why}. Trying the same again is safe.`
      : `Not saved: ${why}. Try again in a moment.`;
  }
  if (error instanceof RegionBehind) {
    const region = nameOfCode(error.region, regions);
    return `This may or may not have been saved: ${region} does not have the last change of this ticket yet. Trying the same again is safe.`;
  }
  if (error instanceof ChangeLost) return `Not saved: ${lowerFirst(error.message)}`;
  if (error instanceof ApiProblem) return error.problem.detail;
  throw error;
}

function neither(regions: readonly Region[]): string {
  const names = regions.map(regionName);
  return names.length === 2 ? `Neither ${names.join(" nor ")} answers` : `No answer from ${names.join(", ")}`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
