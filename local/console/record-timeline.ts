import type { Regions, RegionState } from "../regions";
import type { Services } from "../services";
import type { Timeline } from "./timeline";

const STATE_TEXTS: Readonly<Record<RegionState, string>> = {
  up: "is up",
  down: "is stopped",
  isolated: "is cut off from the other region",
};

/** Writes into the timeline what happens to regions and health checks. */
export function recordTimeline(timeline: Timeline, regions: Regions, { route53 }: Services): void {
  regions.on("change", ({ name, state }) => timeline.add(STATE_TEXTS[state], name));
  route53.on("healthChange", ({ name, healthy, lastResult }) =>
    timeline.add(`Health check ${name} turned ${healthy ? "healthy" : "unhealthy"}: ${lastResult}`),
  );
}
