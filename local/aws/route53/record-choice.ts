import type { AliasTargets } from "./alias-targets";
import type { RecordSet, RecordType } from "./record-set";
import type { HostedZone } from "./zones";

/** What the choice of a record depends on beside the zone. */
export interface ChoiceContext {
  readonly targets: AliasTargets;
  /** Whether a health check counts as healthy now. */
  readonly isCheckHealthy: (healthCheckId: string) => boolean;
}

/** The record set of a name and type that answers now: the only one, or the failover pair's choice. */
export function chooseRecordSet(
  zone: HostedZone,
  name: string,
  type: RecordType,
  context: ChoiceContext,
): RecordSet | undefined {
  const sets = zone.at(name, type);
  const simple = sets.find((set) => set.failover === undefined);
  if (simple) return simple;
  const health = Object.fromEntries(sets.map((set) => [set.failover, isHealthy(zone, set, context)]));
  const role = chooseFailover(health);
  return sets.find((set) => set.failover === role);
}

/**
 * A record is healthy when its health check is, and, if it evaluates its alias target's health, that is too. An API
 * Gateway endpoint always is; records in the zone are when one of them is.
 * Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html
 */
function isHealthy(zone: HostedZone, set: RecordSet, context: ChoiceContext): boolean {
  if (set.healthCheckId !== undefined && !context.isCheckHealthy(set.healthCheckId)) return false;
  if (!("alias" in set.content) || !set.content.alias.evaluateTargetHealth) return true;
  const { name } = set.content.alias;
  return (
    context.targets.find(name) !== undefined ||
    zone.at(name, set.type).some((target) => isHealthy(zone, target, context))
  );
}

/** Which record of a failover pair answers. */
export type FailoverRole = "PRIMARY" | "SECONDARY";

/** The health of a pair's records; undefined where there is no such record. */
export interface FailoverPair {
  readonly PRIMARY?: boolean;
  readonly SECONDARY?: boolean;
}

/**
 * Route 53's active-passive failover: the primary if it is healthy, else the secondary if that is healthy; and when
 * none is healthy all count as healthy, so the primary again.
 * Sources: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-types.html and
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html.
 */
export function chooseFailover(health: FailoverPair): FailoverRole | undefined {
  if (health.PRIMARY) return "PRIMARY";
  if (health.SECONDARY) return "SECONDARY";
  if (health.PRIMARY !== undefined) return "PRIMARY";
  return health.SECONDARY === undefined ? undefined : "SECONDARY";
}
