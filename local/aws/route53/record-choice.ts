import type { AliasTargets } from "./alias-targets";
import type { RecordSet, RecordType } from "./record-set";
import type { HostedZone } from "./zones";

/** State that the choice of a record depends on, besides the zone. */
export interface ChoiceContext {
  readonly targets: AliasTargets;
  /** Whether a health check is currently healthy. */
  readonly isCheckHealthy: (healthCheckId: string) => boolean;
}

/** Returns the record set that currently answers for a name and type: the only one, or one of the failover pair. */
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
 * Whether a record is healthy: its health check is healthy and, if it evaluates target health, its alias target too. An API Gateway
 * endpoint is always healthy. A target in the zone is healthy when one of its records is.
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

/** Role of a record in a failover pair. */
export type FailoverRole = "PRIMARY" | "SECONDARY";

/** Health of the records of a failover pair; undefined for a missing record. */
export interface FailoverPair {
  readonly PRIMARY?: boolean;
  readonly SECONDARY?: boolean;
}

/**
 * Chooses a record by Route 53's active-passive failover: the primary if it is healthy, else the secondary if it is healthy. When
 * none is healthy, all count as healthy, so the primary is chosen.
 * Sources: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-types.html and
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html.
 */
export function chooseFailover(health: FailoverPair): FailoverRole | undefined {
  if (health.PRIMARY) return "PRIMARY";
  if (health.SECONDARY) return "SECONDARY";
  if (health.PRIMARY !== undefined) return "PRIMARY";
  return health.SECONDARY === undefined ? undefined : "SECONDARY";
}
