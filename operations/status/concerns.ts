import type { DirectionReport, RegionReport, StatusReport } from "./report";

/** A heartbeat comes each minute, and two may be on their way when one is late. */
const LATE_SECONDS = 120;
/** A sentinel looks every ten seconds at least, and its schedule starts it each minute. */
const SILENT_SECONDS = 150;
/** However fast the local cloud is, a machine may be busy for so long. */
const LEAST_SECONDS = 10;

/** What needs somebody's attention, a sentence or two each, with what to do. */
export function concernsOf(report: StatusReport): string[] {
  const { regions, replication, checks } = report;
  return [
    ...(regions.every(isLost) ? ofNobody(report) : regions.flatMap((region) => ofRegion(region, report))),
    ...regions.flatMap((region) => ofSentinel(region, report)),
    ...replication.flatMap((direction) => ofDirection(direction, report)),
    ...ofServing(report),
    ...(checks && "problem" in checks
      ? [sentence("The state of Route 53's health checks is unknown", checks.problem)]
      : []),
  ];
}

/** Neither its API nor its table answers. What else is not known of it is not worth a sentence of its own then. */
function isLost({ health, takeover }: RegionReport): boolean {
  return !health.ok && "problem" in takeover;
}

function ofNobody({ domain, regions }: StatusReport): string[] {
  const reasons = regions.map(({ name, health }) => `${name}: ${health.reason}`).join("; ");
  const what =
    domain === undefined
      ? ""
      : " DNS resolves to the primary meanwhile. The region that returns first serves.";
  return [`${sentence("No region responds", reasons)}${what}`];
}

function ofRegion(region: RegionReport, report: StatusReport): string[] {
  const { name, role, health, takeover } = region;
  const concerns: string[] = [];
  if (isLost(region))
    concerns.push(`${sentence(`${name} does not respond`, health.reason)}${advice(region, report)}`);
  else if (!health.ok)
    concerns.push(`${sentence(`${name} is unhealthy`, health.reason)}${advice(region, report)}`);
  if ("problem" in takeover) {
    if (!isLost(region))
      concerns.push(sentence(`Whether ${name} has taken over is unknown`, takeover.problem));
  } else if (takeover.value.takeover) concerns.push(ofTakeover(name, role, report));
  return concerns;
}

function ofTakeover(name: string, role: RegionReport["role"], { regions }: StatusReport): string {
  if (role === "primary")
    return `${name} is the primary, but holds a leftover takeover. To end it: npm run failback.`;
  const primary = regions.find((region) => region.role === "primary");
  if (!primary || primary.health.ok) return `${name} has taken over. To return service: npm run failback.`;
  return `${name} has taken over. When ${primary.name} is healthy, return service: npm run failback.`;
}

/** What comes of a region that is not well, and what can be done about it. */
function advice({ name, role }: RegionReport, { domain, failback, serving, regions }: StatusReport): string {
  const other = regions.find((region) => region.name !== name);
  if (!other) return "";
  if (domain === undefined)
    return other.health.ok ? ` The web UI fails over to ${other.name} by itself.` : "";
  if (role === "secondary") return " No failover is possible until it is healthy.";
  // What a takeover is about is said of the other region.
  const isSaid = "problem" in other.takeover || other.takeover.value.takeover || serving === other.name;
  if (role === undefined || isSaid) return "";
  return failback === "automatic"
    ? ` Route 53 routes clients to ${other.name} while this lasts. To make it permanent: npm run takeover.`
    : ` If this lasts, the sentinel of ${other.name} takes over. To take over now: npm run takeover.`;
}

/** Where DNS leads, and whether that is what the takeover says. */
function ofServing({ domain, serving, regions }: StatusReport): string[] {
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

function ofSentinel({ name, role, sentinel }: RegionReport, { failback, speed }: StatusReport): string[] {
  if (failback === "automatic") return [];
  // Where its table does not answer, that is said of the region already.
  if (role !== "secondary" || "problem" in sentinel) return [];
  const ago = sentinel.value?.lookedSecondsAgo;
  if (ago === undefined)
    return [`The sentinel in ${name} has never probed the other region. There is no automatic takeover.`];
  if (ago < atSpeed(SILENT_SECONDS, speed)) return [];
  return [`The last probe of the sentinel in ${name} was ${ago} s ago. There is no automatic takeover.`];
}

function ofDirection(report: DirectionReport, { regions, speed }: StatusReport): string[] {
  const { from, to, behindSeconds, heartbeatSecondsAgo, quarantined, failures } = report;
  const direction = `${from} to ${to}`;
  const lost = regions.filter(isLost).map(({ name }) => name);
  const late = atSpeed(LATE_SECONDS, speed);
  const concerns: string[] = [];
  if ("problem" in behindSeconds) {
    if (!lost.includes(from) && !lost.includes(to))
      concerns.push(sentence(`The replication lag from ${direction} is unknown`, behindSeconds.problem));
  } else if (behindSeconds.value >= late)
    concerns.push(
      `Replication from ${direction} is ${behindSeconds.value} s behind. Nothing is lost. Check the health of ${to} and the log of the function ${from}-to-${to}.`,
    );
  if ("value" in heartbeatSecondsAgo && heartbeatSecondsAgo.value >= late)
    concerns.push(
      `${from} wrote its last heartbeat ${heartbeatSecondsAgo.value} s ago, so the replication lag from ${direction} is unknown. Check that ${from} accepts writes.`,
    );
  if (lost.includes(from)) return concerns;
  if ("problem" in quarantined)
    concerns.push(
      sentence(`The number of quarantined records from ${direction} is unknown`, quarantined.problem),
    );
  else if (quarantined.value > 0)
    concerns.push(
      `${counted(quarantined.value, "record")} from ${direction} in quarantine. To replay: npm run redrive.`,
    );
  if ("problem" in failures)
    concerns.push(
      sentence(`The number of objects in the failure bucket from ${direction} is unknown`, failures.problem),
    );
  else if (failures.value > 0)
    concerns.push(
      `${counted(failures.value, "object")} from ${direction} in the failure bucket. To replay: npm run redrive.`,
    );
  return concerns;
}

function atSpeed(seconds: number, speed: number): number {
  return Math.max(seconds / speed, Math.min(seconds, LEAST_SECONDS));
}

function counted(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}

/** Reasons come from everywhere, with a full stop and without. */
function sentence(what: string, reason: string | undefined): string {
  return `${what}: ${String(reason).replace(/\.+$/, "")}.`;
}
