import { effectsOf } from "../aws/region-state";
import type { Regions } from "../aws/regions";
import type { Services } from "../services";
import { meaningOf } from "./check-meaning";
import { addressNames, dnsAnswer } from "./dns-answers";
import type { Timeline } from "./timeline";

/** Writes into the timeline what happens from now on to regions, health checks and DNS. */
export function recordTimeline(timeline: Timeline, regions: Regions, { route53 }: Services): void {
  const regionOf = (host: string): string | undefined => dnsAnswer(host, route53, regions).region;
  const answers = new Map(addressNames(route53).map((host) => [host, regionOf(host)]));
  regions.on("change", ({ name, state }) => timeline.add(effectsOf(state).text, name));
  route53.on("healthChange", (check) => {
    timeline.add(`Health check ${check.name}: ${meaningOf(check).means} (${check.lastResult})`);
    for (const [host, before] of answers) {
      const region = regionOf(host);
      if (region !== before) timeline.add(`DNS: ${host} resolves to ${region ?? "no region"}`);
      answers.set(host, region);
    }
  });
}
