import type { DirectionReport, RegionReport, StatusReport } from "./report";

/** A heartbeat is written each minute, so a healthy one is at most two minutes old. */
const LATE_SECONDS = 120;
/** A sentinel probes every 10 s, and its schedule starts it each minute. */
const SILENT_SECONDS = 150;
/** Lower limit at a high speed of the local cloud: the machine can be busy for this long. */
const LEAST_SECONDS = 10;

/** Problems that need attention, each in one or two sentences with the next step. */
export function concernsOf(report: StatusReport): string[] {
  const { regions, replication, checks } = report;
  return [
    ...(regions.every(isDown)
      ? noRegionConcern(report)
      : regions.flatMap((region) => regionConcerns(region, report))),
    ...regions.flatMap((region) => sentinelConcerns(region, report)),
    ...replication.flatMap((direction) => replicationConcerns(direction, report)),
    ...dnsConcerns(report),
    ...(checks && "problem" in checks
      ? [sentence("The state of Route 53's health checks is unknown", checks.problem)]
      : []),
  ];
}

/** Whether neither the API nor the table of a region responds. Its other unknown values are not reported then. */
function isDown({ health, takeover }: RegionReport): boolean {
  return !health.ok && "problem" in takeover;
}

function noRegionConcern({ domain, regions }: StatusReport): string[] {
  const reasons = regions.map(({ name, health }) => `${name}: ${health.reason}`).join("; ");
  const what =
    domain === undefined
      ? ""
      : " DNS resolves to the primary meanwhile. The region that returns first serves.";
  return [`${sentence("No region responds", reasons)}${what}`];
}

function regionConcerns(region: RegionReport, report: StatusReport): string[] {
  const { name, role, health, takeover } = region;
  const concerns: string[] = [];
  if (isDown(region))
    concerns.push(`${sentence(`${name} does not respond`, health.reason)}${advice(region, report)}`);
  else if (!health.ok)
    concerns.push(`${sentence(`${name} is unhealthy`, health.reason)}${advice(region, report)}`);
  if ("problem" in takeover) {
    if (!isDown(region))
      concerns.push(sentence(`Whether ${name} has taken over is unknown`, takeover.problem));
  } else if (takeover.value.takeover) concerns.push(takeoverConcern(name, role, report));
  return concerns;
}

function takeoverConcern(name: string, role: RegionReport["role"], { regions }: StatusReport): string {
  if (role === "primary")
    return `${name} is the primary, but holds a leftover takeover. To end it: npm run failback.`;
  const primary = regions.find((region) => region.role === "primary");
  if (!primary || primary.health.ok) return `${name} has taken over. To return service: npm run failback.`;
  return `${name} has taken over. When ${primary.name} is healthy, return service: npm run failback.`;
}

/** Consequence of an unhealthy region, and the next step. */
function advice({ name, role }: RegionReport, { domain, failback, serving, regions }: StatusReport): string {
  const other = regions.find((region) => region.name !== name);
  if (!other) return "";
  if (domain === undefined)
    return other.health.ok ? ` The web UI fails over to ${other.name} by itself.` : "";
  if (role === "secondary") return " No failover is possible until it is healthy.";
  // The concern about the other region describes its takeover.
  const isReported = "problem" in other.takeover || other.takeover.value.takeover || serving === other.name;
  if (role === undefined || isReported) return "";
  return failback === "automatic"
    ? ` Route 53 routes clients to ${other.name} while this lasts. To make it permanent: npm run takeover.`
    : ` If this lasts, the sentinel of ${other.name} takes over. To take over now: npm run takeover.`;
}

/** Compares the region that DNS answers with to the takeover. */
function dnsConcerns({ domain, serving, regions }: StatusReport): string[] {
  if (domain === undefined) return [];
  if (serving === undefined) return ["DNS does not report which region serves."];
  const secondary = regions.find(({ role }) => role === "secondary");
  if (!secondary || "problem" in secondary.takeover) return [];
  const { name, takeover } = secondary;
  if (serving === name && !takeover.value.takeover)
    return [
      `DNS resolves to ${name}, which has not taken over. Route 53 moves clients back by itself, without checking that the other region has caught up. To prevent that: npm run takeover.`,
    ];
  if (serving !== name && takeover.value.takeover)
    return [
      `${name} has taken over, but DNS resolves to ${serving}. Either Route 53 has not detected it yet, ${name} is unhealthy, or too many requests keep the health checkers from its /routing.`,
    ];
  return [];
}

function sentinelConcerns(
  { name, role, sentinel }: RegionReport,
  { failback, speed }: StatusReport,
): string[] {
  if (failback === "automatic") return [];
  // The concern about the region reports a table that does not respond.
  if (role !== "secondary" || "problem" in sentinel) return [];
  const ago = sentinel.value?.lookedSecondsAgo;
  if (ago === undefined)
    return [`The sentinel in ${name} has never probed the other region. There is no automatic takeover.`];
  if (ago < atSpeed(SILENT_SECONDS, speed)) return [];
  return [`The last probe of the sentinel in ${name} was ${ago} s ago. There is no automatic takeover.`];
}

function replicationConcerns(report: DirectionReport, { regions, speed }: StatusReport): string[] {
  const { from, to, behindSeconds, heartbeatSecondsAgo, iteratorAgeSeconds, quarantined, failures } = report;
  const direction = `${from} to ${to}`;
  const down = regions.filter(isDown).map(({ name }) => name);
  const late = atSpeed(LATE_SECONDS, speed);
  const concerns: string[] = [];
  if ("problem" in behindSeconds) {
    if (!down.includes(from) && !down.includes(to))
      concerns.push(sentence(`The replication lag from ${direction} is unknown`, behindSeconds.problem));
  } else if (behindSeconds.value >= late)
    concerns.push(
      `Replication from ${direction} is ${behindSeconds.value} s behind. Nothing is lost. Check the health of ${to} and the log of the function ${from}-to-${to}.`,
    );
  else if (iteratorAgeSeconds && "value" in iteratorAgeSeconds && iteratorAgeSeconds.value >= late)
    concerns.push(
      `The oldest record from ${direction} has waited for ${iteratorAgeSeconds.value} s, in a shard without a heartbeat. Nothing is lost. Check the log of the function ${from}-to-${to}.`,
    );
  if ("value" in heartbeatSecondsAgo && heartbeatSecondsAgo.value >= late)
    concerns.push(
      `${from} wrote its last heartbeat ${heartbeatSecondsAgo.value} s ago, so the replication lag from ${direction} is unknown. Check that ${from} accepts writes.`,
    );
  if (down.includes(from)) return concerns;
  if ("problem" in quarantined)
    concerns.push(
      sentence(`The number of quarantined records from ${direction} is unknown`, quarantined.problem),
    );
  else if (quarantined.value > 0)
    concerns.push(
      `${countText(quarantined.value, "record")} from ${direction} in quarantine. To replay: npm run redrive.`,
    );
  if ("problem" in failures)
    concerns.push(
      sentence(`The number of objects in the failure bucket from ${direction} is unknown`, failures.problem),
    );
  else if (failures.value > 0)
    concerns.push(
      `${countText(failures.value, "object")} from ${direction} in the failure bucket. To replay: npm run redrive.`,
    );
  return concerns;
}

function atSpeed(seconds: number, speed: number): number {
  return Math.max(seconds / speed, Math.min(seconds, LEAST_SECONDS));
}

function countText(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}

/** Joins a text and a reason, which may end with a full stop. */
function sentence(what: string, reason: string | undefined): string {
  return `${what}: ${String(reason).replace(/\.+$/, "")}.`;
}
