import {
  ApiProblem,
  ConcurrentChange,
  Fault,
  NoRegionResponds,
  RegionBehind,
  TOO_MANY_REQUESTS,
} from "./errors";
import type { RegionalApi } from "./api-types";

type Region = Pick<RegionalApi, "name" | "code">;

/** Returns the display name of a region alias: `cape-town` becomes Cape Town. */
export function regionName({ name }: Region): string {
  return name
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(" ");
}

/** Returns the display name of the region with an AWS code, or the code when the region is unknown. */
export function nameOfCode(code: string, regions: readonly Region[]): string {
  const region = regions.find((known) => known.code === code);
  return region ? regionName(region) : code;
}

/** Returns a label such as `Ireland · eu-west-1`. */
export function regionLabel(code: string, regions: readonly Region[]): string {
  const name = nameOfCode(code, regions);
  return name === code ? code : `${name} · ${code}`;
}

/** Describes how a region failed, as a sentence without a full stop. */
export function faultText(region: Region, fault: Fault): string {
  const name = regionName(region);
  if (fault === "unreachable") return `${name} does not respond`;
  if (fault === TOO_MANY_REQUESTS) return `${name} is busy`;
  if (fault === "unreadable") return `${name} returns responses that cannot be read`;
  return fault === 503 ? `${name} is unavailable (HTTP 503)` : `${name} returns errors (HTTP ${fault})`;
}

/** Describes how several regions failed; one sentence when neither of two regions responds. */
export function faultsText(faults: readonly (readonly [Region, Fault])[]): string {
  const names = faults.map(([region]) => regionName(region));
  if (names.length === 2 && faults.every(([, fault]) => fault === "unreachable"))
    return `Neither ${names.join(" nor ")} responds.`;
  return faults.map(([region, fault]) => `${faultText(region, fault)}.`).join(" ");
}

/**
 * Describes a failed write. Omits that all regions are unreachable, because the header shows that.
 * @throws the error itself when it is a defect.
 */
export function writeErrorText(error: unknown, regions: readonly Region[]): string {
  if (error instanceof NoRegionResponds) {
    const allUnreachable = error.failures.every(({ fault }) => fault === "unreachable");
    const why = allUnreachable ? "" : ` ${faultsText(error.failures.map(({ api, fault }) => [api, fault]))}`;
    return error.uncertain
      ? `This may or may not have been saved.${why} Retrying is safe.`
      : `Not saved.${why} Try again in a moment.`;
  }
  if (error instanceof RegionBehind) {
    const region = nameOfCode(error.region, regions);
    return `This may or may not have been saved: ${region} does not have the last change of this ticket yet. Retrying is safe.`;
  }
  if (error instanceof ConcurrentChange)
    return `${error.uncertain ? "This may or may not have been saved" : "Not saved"}: ${lowerFirst(error.message)}`;
  if (error instanceof ApiProblem)
    return error.uncertain
      ? `This may or may not have been saved. ${error.problem.detail} Retrying is safe.`
      : error.problem.detail;
  throw error;
}

/**
 * Describes a failed read.
 * @throws the error itself when it is a defect.
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
