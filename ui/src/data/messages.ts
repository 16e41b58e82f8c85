import { ApiProblem, ConcurrentChange, Fault, NoRegionResponds, RegionBehind } from "./errors";
import type { RegionalApi } from "./api-types";

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

/** How a region failed, as a sentence without a full stop. */
export function faultText(region: Region, fault: Fault): string {
  const name = regionName(region);
  if (fault === "silent") return `${name} does not respond`;
  if (fault === "unreadable") return `${name} returns responses that cannot be read`;
  return fault === 503 ? `${name} is unavailable (HTTP 503)` : `${name} returns errors (HTTP ${fault})`;
}

/** How several regions failed; one sentence when none of them responds. */
export function faultsText(faults: readonly (readonly [Region, Fault])[]): string {
  const names = faults.map(([region]) => regionName(region));
  if (names.length === 2 && faults.every(([, fault]) => fault === "silent"))
    return `Neither ${names.join(" nor ")} responds.`;
  return faults.map(([region, fault]) => `${faultText(region, fault)}.`).join(" ");
}

/**
 * What to say about a write that failed. Silence of all regions is left out: the header says it.
 * @throws the error itself when it is no failure of a write but a defect.
 */
export function writeErrorText(error: unknown, regions: readonly Region[]): string {
  if (error instanceof NoRegionResponds) {
    const allSilent = error.failures.every(({ fault }) => fault === "silent");
    const why = allSilent ? "" : ` ${faultsText(error.failures.map(({ api, fault }) => [api, fault]))}`;
    return error.uncertain
      ? `This may or may not have been saved.${why} Retrying is safe.`
      : `Not saved.${why} Try again in a moment.`;
  }
  if (error instanceof RegionBehind) {
    const region = nameOfCode(error.region, regions);
    return `This may or may not have been saved: ${region} does not have the last change of this ticket yet. Retrying is safe.`;
  }
  if (error instanceof ConcurrentChange) return `Not saved: ${lowerFirst(error.message)}`;
  if (error instanceof ApiProblem) return error.problem.detail;
  throw error;
}

/**
 * What to say about something that could not be read.
 * @throws the error itself when it is no failure to read but a defect.
 */
export function readErrorText(error: unknown, regions: readonly Region[]): string {
  if (error instanceof NoRegionResponds) return "This cannot be loaded yet.";
  if (error instanceof RegionBehind) {
    const region = nameOfCode(error.region, regions);
    return `${region} does not have the newest version of this ticket yet, and no other region responds.`;
  }
  if (error instanceof ApiProblem) return error.problem.detail;
  throw error;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
