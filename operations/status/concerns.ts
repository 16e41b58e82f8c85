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
      ? [sentence("What Route 53's checks find is not known", checks.problem)]
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
    domain === undefined ? "" : " DNS leads to the primary then, and whichever returns first serves.";
  return [`${sentence("No region answers", reasons)}${what}`];
}

function ofRegion(region: RegionReport, report: StatusReport): string[] {
  const { name, role, health, takeover } = region;
  const concerns: string[] = [];
  if (isLost(region))
    concerns.push(`${sentence(`${name} does not answer`, health.reason)}${advice(region, report)}`);
  else if (!health.ok)
    concerns.push(`${sentence(`${name} is not well`, health.reason)}${advice(region, report)}`);
  if ("problem" in takeover) {
    if (!isLost(region))
      concerns.push(sentence(`Whether ${name} has taken over is not known`, takeover.problem));
  } else if (takeover.value.takeover) concerns.push(ofTakeover(name, role, report));
  return concerns;
}

function ofTakeover(name: string, role: RegionReport["role"], { regions }: StatusReport): string {
  if (role === "primary")
    return `${name} is the primary, but a takeover is left in it from earlier; npm run failback ends it.`;
  const primary = regions.find((region) => region.role === "primary");
  if (!primary || primary.health.ok) return `${name} has taken over; npm run failback returns service.`;
  return `${name} has taken over; once ${primary.name} is well, npm run failback returns service.`;
}

/** What comes of a region that is not well, and what can be done about it. */
function advice({ name, role }: RegionReport, { domain, failback, serving, regions }: StatusReport): string {
  const other = regions.find((region) => region.name !== name);
  if (!other) return "";
  if (domain === undefined) return other.health.ok ? ` The page goes on from ${other.name} by itself.` : "";
  if (role === "secondary") return " There is nothing to fail over to until it is well.";
  // What a takeover is about is said of the other region.
  const isSaid = "problem" in other.takeover || other.takeover.value.takeover || serving === other.name;
  if (role === undefined || isSaid) return "";
  return failback === "automatic"
    ? ` Route 53 leads clients to ${other.name} as long as it is so; to make that last: npm run takeover.`
    : ` If it stays so, the sentinel of ${other.name} takes over; to do it now: npm run takeover.`;
}

/** Where DNS leads, and whether that is what the takeover says. */
function ofServing({ domain, serving, regions }: StatusReport): string[] {
  if (domain === undefined) return [];
  if (serving === undefined) return ["DNS does not say which region serves."];
  const secondary = regions.find(({ role }) => role === "secondary");
  if (!secondary || "problem" in secondary.takeover) return [];
  const { name, takeover } = secondary;
  if (serving === name && !takeover.value.takeover)
    return [
      `DNS leads to ${name}, which has not taken over: Route 53 moves the clients back by itself, caught up or not. To make it last: npm run takeover.`,
    ];
  if (serving !== name && takeover.value.takeover)
    return [
      `${name} has taken over, but DNS leads to ${serving}: Route 53 has not seen it yet, ${name} is not well, or a flood keeps the checkers away from its /routing.`,
    ];
  return [];
}

function ofSentinel({ name, role, sentinel }: RegionReport, { failback, speed }: StatusReport): string[] {
  if (failback === "automatic") return [];
  // Where its table does not answer, that is said of the region already.
  if (role !== "secondary" || "problem" in sentinel) return [];
  const ago = sentinel.value?.lookedSecondsAgo;
  if (ago === undefined)
    return [`The sentinel of ${name} has never looked at the other region: nobody takes over by itself.`];
  if (ago < atSpeed(SILENT_SECONDS, speed)) return [];
  return [`The sentinel of ${name} looked ${ago} s ago for the last time: nobody takes over by itself.`];
}

function ofDirection(report: DirectionReport, { regions, speed }: StatusReport): string[] {
  const { from, to, behindSeconds, heartbeatSecondsAgo, quarantined, failures } = report;
  const direction = `${from} to ${to}`;
  const lost = regions.filter(isLost).map(({ name }) => name);
  const late = atSpeed(LATE_SECONDS, speed);
  const concerns: string[] = [];
  if ("problem" in behindSeconds) {
    if (!lost.includes(from) && !lost.includes(to))
      concerns.push(sentence(`How far ${direction} is behind is not known`, behindSeconds.problem));
  } else if (behindSeconds.value >= late)
    concerns.push(
      `Replication from ${direction} is ${behindSeconds.value} s behind. Nothing is lost: look at whether ${to} is well, and at the log of the function ${from}-to-${to}.`,
    );
  if ("value" in heartbeatSecondsAgo && heartbeatSecondsAgo.value >= late)
    concerns.push(
      `${from} wrote its last heartbeat ${heartbeatSecondsAgo.value} s ago: whether ${direction} is in step is not known. Look at whether ${from} takes writes.`,
    );
  if (lost.includes(from)) return concerns;
  if ("problem" in quarantined)
    concerns.push(sentence(`What ${direction} has in quarantine is not known`, quarantined.problem));
  else if (quarantined.value > 0)
    concerns.push(
      `${counted(quarantined.value, "record")} from ${direction} in quarantine; npm run redrive.`,
    );
  if ("problem" in failures)
    concerns.push(sentence(`What ${direction} stored as failures is not known`, failures.problem));
  else if (failures.value > 0)
    concerns.push(`${counted(failures.value, "failure")} from ${direction} stored; npm run redrive.`);
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
