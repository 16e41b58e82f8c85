import { byId, setMessage } from "./dom";
import type { PageConfig } from "./page-config";
import type { RegionalState } from "./regional-client";
import { bannerText, regionLabel, regionName } from "./wording";

/** Shows which region answers: the pill in the header, and the banner when it is not the preferred one. */
export function showRegionState(state: RegionalState, { apis }: PageConfig): void {
  const pill = byId("serving", HTMLElement);
  const down = state.unanswered > 1;
  pill.dataset.state = down ? "down" : state.current === state.preferred ? "preferred" : "other";
  setMessage(pill, down ? "No region answers" : state.servedBy && regionLabel(state.servedBy, apis));
  const banner = byId("banner", HTMLElement);
  banner.dataset.state = pill.dataset.state;
  setMessage(banner, bannerText(state, apis));
}

/** Names in the footer where the page came from, and the failover name when there is one. */
export function showOrigin({ region, failoverUrl }: PageConfig): void {
  byId("footer", HTMLElement).hidden = false;
  byId("page-region", HTMLElement).textContent =
    `This page came from ${regionName(region)} (${region.code}).`;
  byId("failover-name", HTMLElement).hidden = failoverUrl === undefined;
  byId("failover-url", HTMLElement).textContent = failoverUrl ?? "";
}
