import type { RegionalApi } from "./data/api-types";
import { TOO_MANY_REQUESTS } from "./data/errors";
import type { RegionalState } from "./data/regional-state";
import { faultsText, faultText, regionLabel, regionName } from "./data/messages";

/** Text of the header about the regions. */
export interface HeaderStatus {
  /** `unknown` until the serving region is known; `other` when it is not the preferred one. */
  readonly kind: "unknown" | "preferred" | "other" | "down";
  /** Label of the serving region, or the message that none is available. */
  readonly serving: string;
  /** Sentences about the other regions, after one about the serving region if it is busy or not that of the web UI's address. */
  readonly text: string;
}

/**
 * Returns the text of the header.
 * @param home AWS code of the region that the web UI was loaded from.
 */
export function headerStatus(
  state: RegionalState,
  regions: readonly RegionalApi[],
  home: string,
): HeaderStatus {
  const { preferred, current, lastResults } = state;
  if (state.offline) {
    const faults = regions.map((region) => {
      const known = lastResults[region.code];
      return [region, known === undefined || known === "up" ? "unreachable" : known] as const;
    });
    const text = `${faultsText(faults)} Retrying. What you type is kept.`;
    return { kind: "down", serving: "No region available", text };
  }
  if (!state.located)
    return { kind: "unknown", serving: "Connecting…", text: "Finding the region that serves." };
  const serving = regionLabel(current.code, regions);
  const others = regions.filter((region) => region !== current);
  const isBusy = lastResults[current.code] === TOO_MANY_REQUESTS;
  const busy = isBusy ? `${faultText(current, TOO_MANY_REQUESTS)}, retrying. ` : "";
  if (current !== preferred) {
    const known = lastResults[preferred.code] ?? "unreachable";
    const why = known === "up" ? `${regionName(preferred)} responds again` : faultText(preferred, known);
    const text = `${busy}${why}. ${regionName(current)} serves until ${regionName(preferred)} is healthy.`;
    return { kind: "other", serving, text };
  }
  const routed = current.code === home ? "" : `Traffic is routed to ${regionName(current)}. `;
  const text = busy + routed + others.map((region) => otherText(region, state)).join(" ");
  return { kind: "preferred", serving, text };
}

function otherText(region: RegionalApi, { lastResults }: RegionalState): string {
  const known = lastResults[region.code];
  if (known === undefined) return `Checking ${regionName(region)}.`;
  return known === "up" ? `${regionName(region)} is on standby.` : `${faultText(region, known)}.`;
}

/**
 * Returns the notice for a change of the serving region; undefined when it has not changed. There is no notice for an outage
 * of all regions, which only the header shows, and none for the first region that is found.
 */
export function failoverNotice(before: RegionalState, now: RegionalState): string | undefined {
  if (now.offline || !before.located) return undefined;
  if (before.offline) return `Connected again. ${regionName(now.current)} serves.`;
  if (now.current === before.current) return undefined;
  const known = now.lastResults[before.current.code] ?? "up";
  const serves = `${regionName(now.current)} serves now.`;
  if (known !== "up" && now.current !== now.preferred)
    return `${faultText(before.current, known)}. ${serves}`;
  return now.preferred === before.preferred
    ? `${regionName(now.current)} is healthy again. ${serves}`
    : serves;
}
