import type { Addresses } from "../addresses";
import { type LocalCloudOptions, queueCountLagSeconds } from "../options";
import type { LocalRegion, Regions } from "../aws/regions";
import type { Services } from "../services";
import type { HealthCheckStatus } from "../aws/route53/health-checks";
import { countTickets, readTakeover } from "./region-table";
import type { MetricsCollector } from "./replication-metrics";
import { dnsAnswer, meaningOf } from "./dns-and-health-checks";
import type {
  ConsoleHealthCheck,
  ConsoleProblem,
  ConsoleRegion,
  ConsoleReplication,
  ConsoleState,
} from "./state";
import type { Timeline } from "./timeline";

/** Sources of the console's state. */
export interface Sources {
  readonly options: LocalCloudOptions;
  /** Alias of the primary region. */
  readonly primary: string;
  readonly regions: Regions;
  readonly services: Services;
  readonly metrics: MetricsCollector;
  readonly timeline: Timeline;
  readonly addresses: Addresses;
  /** Returns the current problem of the local cloud; undefined without one. */
  readonly problem?: () => ConsoleProblem | undefined;
}

/** Collects the current state that the console shows. */
export async function collectState(sources: Sources): Promise<ConsoleState> {
  const { options, regions, services, timeline, addresses } = sources;
  const { stack, domain, speed } = options;
  const [regionStates, replication] = await Promise.all([
    Promise.all(regions.all().map((region) => regionState(sources, region))),
    replicationStates(sources),
  ]);
  return {
    at: Date.now(),
    stack,
    problem: sources.problem?.(),
    domain,
    speed,
    queueCountLagSeconds: queueCountLagSeconds(options),
    regions: regionStates,
    names: Object.keys(addresses.names).map((name) => dnsAnswer(name, services.route53, regions)),
    healthChecks: byName(services.route53.healthChecks()).map(healthCheckState),
    replication,
    events: timeline.latest(),
    frontDoor: addresses.frontDoor,
  };
}

function healthCheckState(check: HealthCheckStatus): ConsoleHealthCheck {
  const { name, target, healthy, lastResult } = check;
  return { name, target, healthy, lastResult: lastResult ?? "not checked yet", ...meaningOf(check) };
}

/** Sorts by name, because the program creates resources in no fixed order. */
function byName<T extends { readonly name: string }>(items: readonly T[]): T[] {
  return [...items].sort((left, right) => (left.name < right.name ? -1 : 1));
}

async function regionState({ primary, addresses }: Sources, region: LocalRegion): Promise<ConsoleRegion> {
  const { name, code, state } = region;
  const { api, ui, dynamodb, table } = addresses.regions[name];
  const [tickets, takenOver] =
    state === "down"
      ? []
      : await Promise.all([countTickets(dynamodb, code, table), readTakeover(dynamodb, code, table)]);
  return {
    name,
    code,
    state,
    role: name === primary ? "primary" : "secondary",
    api,
    ui,
    dynamodb,
    table,
    tickets,
    takenOver,
  };
}

async function replicationStates({ regions, services, metrics }: Sources): Promise<ConsoleReplication[]> {
  return Promise.all(
    byName(services.mappings.statistics()).map(async (mapping) => {
      const from = regions.byCode(mapping.sourceRegion);
      const to = regions.all().find((region) => region !== from)!;
      return {
        from: from.name,
        to: to.name,
        ...metrics.ofReplication(from.code, to.code),
        delivered: mapping.recordsDelivered,
        failedBatches: mapping.batchesFailed,
        lagMs: mapping.iteratorAgeMs,
        quarantined: await services.sqs.totalDepth(from.code),
        onFailure: await failureObjects(services, mapping.onFailureArn),
        lastError: mapping.lastError,
      };
    }),
  );
}

/** Returns the number of objects in a failure bucket. A deployment may delete the bucket before it changes the mapping. */
async function failureObjects({ s3 }: Services, bucketArn: string | undefined): Promise<number> {
  if (bucketArn === undefined) return 0;
  try {
    return await s3.objectCount(bucketArn);
  } catch (error) {
    if ((error as Error).message.startsWith("NoSuchBucket")) return 0;
    throw error;
  }
}
