import { reasonOf } from "../../command-line/command-error";
import type { RoutingItem } from "../../functions/routing/routing-item";
import { type ProbeResult, probeHealth } from "../../functions/sentinel/health-probe";
import { primaryHostName, servingHostName } from "../../functions/sentinel/role-lookup";
import type { SentinelState } from "../../functions/sentinel/sentinel-state";
import type { ConnectedRegion } from "../cli/aws-clients";
import type { RunAws } from "../cli/aws-command-line";
import type { Deployment } from "../cli/deployment";
import { localState } from "../cli/local-cloud";
import { countObjects } from "../redrive/failure-objects";
import { countLagSeconds, countMessages } from "../redrive/queue-counts";
import type { Lookup } from "../routing/dns";
import { itemsOf, routingTableOf, sentinelTableOf } from "../routing/region-tables";
import { endpointChecks } from "./endpoint-checks";
import { iteratorAge, localIteratorAge } from "./iterator-age";
import { type HeartbeatSource, heartbeatTimes } from "./heartbeats";
import type { DirectionReport, Known, RegionReport, SentinelReport, StatusReport } from "./report";

/** Sources of the status. */
export interface StatusSources {
  readonly deployment: Deployment;
  readonly connected: readonly [ConnectedRegion, ConnectedRegion];
  readonly lookup: Lookup;
  /** Whether to call control planes for health checks and iterator ages. Those of the local cloud are always included. */
  readonly withChecks: boolean;
  /** Runs the AWS CLI; replaced in tests. */
  readonly runAws?: RunAws;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Maximum events in the report. */
const EVENTS = 10;

/** Collects the current status with parallel requests. A failed request leaves its value unknown. */
export async function collectStatus(sources: StatusSources): Promise<StatusReport> {
  const { deployment, connected, lookup } = sources;
  const { stack, naming } = deployment;
  const { domain } = naming;
  const [first, second] = connected;
  const items = Promise.all(connected.map((region) => tryRead(() => routingTableOf(region).read())));
  const primary = domain && lookup.text(primaryHostName(domain)).then((name) => name ?? naming.primary);
  const healths = connected.map(({ region }) => probeHealth(region.api, region.code));
  const [names, serving, regions, replication, checks, routing] = await Promise.all([
    domain === undefined ? [] : resolveNames(sources, domain),
    domain === undefined ? undefined : lookup.text(servingHostName(domain)),
    Promise.all(
      connected.map(async (region, index) =>
        regionReport(region, (await items)[index], await primary, await healths[index], sources.now),
      ),
    ),
    Promise.all([
      directionReport(first, second, clockOf(await healths[0], sources.now), sources),
      directionReport(second, first, clockOf(await healths[1], sources.now), sources),
    ]),
    readChecks(sources),
    items,
  ]);
  return {
    stack,
    at: new Date(sources.now()).toISOString(),
    speed: naming.local?.speed ?? 1,
    countLagSeconds: Math.ceil(countLagSeconds(deployment)),
    ...(domain !== undefined && { domain }),
    ...(naming.failback !== undefined && { failback: naming.failback }),
    ...(serving !== undefined && { serving }),
    names,
    regions,
    replication,
    ...(checks && { checks }),
    events: eventsOf(connected, routing),
  };
}

async function regionReport(
  connected: ConnectedRegion,
  routing: Known<RoutingItem | undefined>,
  primary: string | undefined,
  health: ProbeResult,
  now: () => number,
): Promise<RegionReport> {
  const { name, code } = connected.region;
  const clock = clockOf(health, now);
  const sentinel = await tryRead(async () =>
    sentinelReport(await sentinelTableOf(connected).read(), clock()),
  );
  const takeover = mapKnown(routing, (item) => ({
    takeover: item?.takeover === true,
    ...(item && { by: item.by, at: item.at, reason: item.reason }),
  }));
  const role = primary === undefined ? undefined : primary === name ? "primary" : "secondary";
  return { name, code, role, health, takeover, sentinel };
}

/** Returns a region's clock, from the time in its health response; this machine's clock without one. */
function clockOf({ checkedAt }: ProbeResult, now: () => number): () => number {
  const ahead = checkedAt === undefined ? 0 : Date.parse(checkedAt) - now();
  return () => now() + ahead;
}

function sentinelReport(state: SentinelState | undefined, now: number): SentinelReport | undefined {
  if (state?.probedAt === undefined) return undefined;
  const { probedAt, healthySince, failingSince } = state;
  return {
    lookedSecondsAgo: seconds(now - probedAt),
    ...(healthySince !== undefined && { healthySeconds: seconds(probedAt - healthySince) }),
    ...(failingSince !== undefined && { failingSeconds: seconds(probedAt - failingSince) }),
  };
}

async function directionReport(
  source: ConnectedRegion,
  target: ConnectedRegion,
  now: () => number,
  sources: StatusSources,
): Promise<DirectionReport> {
  const { clients, region } = source;
  const [beats, age, quarantined, failures] = await Promise.all([
    tryRead(() => heartbeatTimes(heartbeatSource(source), heartbeatSource(target), now)),
    readIteratorAge(source, sources),
    tryRead(async () => {
      const { visible, hidden } = await countMessages(clients.sqs, region.quarantineQueue);
      return visible + hidden;
    }),
    tryRead(() => countObjects(clients.s3, region.failureBucket)),
  ]);
  return {
    from: region.name,
    to: target.region.name,
    behindSeconds: mapKnown(beats, ({ behindMs }) => seconds(behindMs)),
    heartbeatSecondsAgo: mapKnown(beats, ({ written }) => seconds(now() - written)),
    ...(age && { iteratorAgeSeconds: mapKnown(age, seconds) }),
    quarantined,
    failures,
  };
}

async function readIteratorAge(
  { region }: ConnectedRegion,
  { deployment: { naming }, withChecks, runAws, now }: StatusSources,
): Promise<Known<number> | undefined> {
  const { local } = naming;
  if (local) return tryRead(() => localIteratorAge(local.console, region.name));
  return withChecks ? tryRead(() => iteratorAge(region, now(), runAws)) : undefined;
}

function heartbeatSource(connected: ConnectedRegion): HeartbeatSource {
  return { region: connected.region, read: itemsOf(connected) };
}

/** Converts milliseconds to seconds. A negative value, caused by a clock difference, becomes 0. */
function seconds(milliseconds: number): number {
  return Math.max(0, Math.round(milliseconds / 1000));
}

async function resolveNames(
  { deployment, lookup }: StatusSources,
  domain: string,
): Promise<StatusReport["names"]> {
  const names = ["api", ...deployment.regions.map(({ name }) => name)].map((label) => `${label}.${domain}`);
  return Promise.all(names.map(async (name) => ({ name, addresses: await lookup.addresses(name) })));
}

async function readChecks({
  deployment: { naming },
  withChecks,
  runAws,
}: StatusSources): Promise<StatusReport["checks"]> {
  const { local, healthChecks } = naming;
  if (local)
    return tryRead(async () => {
      const { healthChecks: all } = await localState(local.console);
      return all.map(({ name, healthy, means, lastResult }) => ({ name, healthy, means, lastResult }));
    });
  return withChecks && naming.domain !== undefined
    ? tryRead(() => endpointChecks(healthChecks, runAws))
    : undefined;
}

function eventsOf(
  connected: readonly ConnectedRegion[],
  routing: readonly Known<RoutingItem | undefined>[],
): StatusReport["events"] {
  const all = connected.flatMap(({ region }, index) => {
    const item = routing[index];
    const events = "value" in item ? (item.value?.events ?? []) : [];
    return events.map((event) => ({ region: region.name, ...event }));
  });
  return all.sort((one, other) => (one.at < other.at ? 1 : -1)).slice(0, EVENTS);
}

async function tryRead<T>(ask: () => Promise<T>): Promise<Known<T>> {
  try {
    return { value: await ask() };
  } catch (error) {
    return { problem: reasonOf(error) };
  }
}

function mapKnown<T, U>(state: Known<T>, change: (value: T) => U): Known<U> {
  return "value" in state ? { value: change(state.value) } : state;
}
