import { ApiProblem } from "./api-types";
import { NoRegionAnswers, WriteUnanswered } from "./region-errors";
import type { RegionalApi, RegionalState } from "./regional-client";

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

/** What the banner says: nothing while the preferred region serves. */
export function bannerText(state: RegionalState, regions: readonly Region[]): string | undefined {
  // The first request after a quiet time may wait for a cold start in both regions, so one failure is no outage yet.
  if (state.unanswered > 1)
    return `${neither(regions)} at the moment. This page keeps asking, and what you have typed stays here.`;
  if (state.current === state.preferred) return undefined;
  return `${regionName(state.preferred)} does not answer. ${regionName(state.current)} serves until it is back.`;
}

/** What to say about a write that failed. */
export function writeProblemText(error: unknown, regions: readonly Region[]): string {
  if (error instanceof WriteUnanswered)
    return (
      `${regionName(error.api)} did not say what became of this: it may or may not have been saved. ` +
      "Look at the list before you try again."
    );
  if (error instanceof NoRegionAnswers)
    return `Not saved: ${lowerFirst(neither(regions))}. Try again in a moment.`;
  return problemText(error);
}

/** What to say about a read that failed. Undefined when no region answers: then the banner says it. */
export function readProblemText(error: unknown): string | undefined {
  return error instanceof NoRegionAnswers ? undefined : problemText(error);
}

function problemText(error: unknown): string {
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
