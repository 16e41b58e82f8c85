import { effectsOf } from "../aws/region-state";
import type { Regions } from "../aws/regions";
import type { Services } from "../services";
import { addressNames, dnsAnswer, meaningOf } from "./dns-and-health-checks";
import type { TimelineEvent } from "./state";

const MAXIMUM_EVENTS = 100;

/** The most recent events of the local cloud, newest first. */
export class Timeline {
  private readonly events: TimelineEvent[] = [];
  private count = 0;

  /** @param region alias of the region that the event concerns. */
  add(text: string, region?: string): void {
    this.count += 1;
    this.events.unshift({ number: this.count, at: Date.now(), region, text });
    this.events.length = Math.min(this.events.length, MAXIMUM_EVENTS);
  }

  latest(): readonly TimelineEvent[] {
    return this.events;
  }
}

/** Adds an event to the timeline for every later change of a region's state, a health check or a DNS answer. */
export function recordTimeline(timeline: Timeline, regions: Regions, { route53 }: Services): void {
  const regionOf = (host: string): string | undefined => dnsAnswer(host, route53, regions).region;
  const answers = new Map(addressNames(route53).map((host) => [host, regionOf(host)]));
  regions.on("change", ({ name, state }) => timeline.add(effectsOf(state).text, name));
  route53.on("healthChange", (check) => {
    timeline.add(`Health check ${check.name}: ${meaningOf(check).means} (${check.lastResult})`);
    for (const host of addressNames(route53)) {
      const [before, region] = [answers.get(host), regionOf(host)];
      if (region !== before) timeline.add(`DNS: ${host} resolves to ${region ?? "no region"}`);
      answers.set(host, region);
    }
  });
}
