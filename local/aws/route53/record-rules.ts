import type { AliasTargets } from "./alias-targets";
import type { Alias, RecordSet } from "./record-set";
import { sameRecord, type HostedZone, type RecordKey } from "./zones";

/**
 * Checks that a record set can be added to a zone, as Route 53 does before it changes a zone.
 * @param replaced record sets that it replaces, and with which it cannot conflict.
 * @throws Error with Route 53's error name, the record and the conflict.
 */
export function checkRecordFits(
  zone: HostedZone,
  set: RecordSet,
  replaced: readonly RecordKey[],
  targets: AliasTargets,
): void {
  const others = zone.at(set.name).filter((other) => !replaced.some((key) => sameRecord(other, key)));
  const problem =
    duplicateProblem(others, set) ??
    cnameProblem(zone, others, set) ??
    ("alias" in set.content ? aliasProblem(zone, set, set.content.alias, targets) : undefined);
  if (problem) throw new Error(`Record ${set.name} ${set.type}: InvalidChangeBatch: ${problem}`);
}

/** Returns a record set in the notation of Route 53's messages. */
export function describeRecord({ name, type, setIdentifier }: RecordKey): string {
  const suffix = setIdentifier === undefined ? "" : `, set-identifier='${setIdentifier}'`;
  return `[name='${name}.', type='${type}'${suffix}]`;
}

function duplicateProblem(others: readonly RecordSet[], set: RecordSet): string | undefined {
  const sameType = others.filter((other) => other.type === set.type);
  if (sameType.some((other) => sameRecord(other, set)))
    return `Tried to create resource record set ${describeRecord(set)} but it already exists. Set allowOverwrite to replace it.`;
  if (sameType.some((other) => other.failover === undefined || set.failover === undefined))
    return "records with a routing policy and without one cannot share a name and a type.";
  const twin = sameType.find((other) => other.failover === set.failover);
  if (twin)
    return `a ${set.failover} record already exists, with the setIdentifier ${JSON.stringify(twin.setIdentifier)}.`;
  return undefined;
}

/** A name with a CNAME has no other records (RFC 1034, section 3.6.2). The apex has SOA and NS records, so it cannot have one. */
function cnameProblem(zone: HostedZone, others: readonly RecordSet[], set: RecordSet): string | undefined {
  if (set.type === "CNAME" && set.name === zone.name)
    return `the apex of the zone ${zone.name} cannot have a CNAME; use an alias.`;
  const conflict = others.find((other) => (other.type === "CNAME") !== (set.type === "CNAME"));
  return (
    conflict &&
    `it conflicts with the ${conflict.type} record of the same name; a name with a CNAME cannot have other records.`
  );
}

/** Checks an alias. Route 53 cannot evaluate the health of a distribution: https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html */
function aliasProblem(
  zone: HostedZone,
  set: RecordSet,
  alias: Alias,
  targets: AliasTargets,
): string | undefined {
  const target = targets.find(alias.name);
  if (target && set.type !== "A" && set.type !== "AAAA")
    return `an alias to ${alias.name} must be of type A or AAAA.`;
  if (!target && zone.at(alias.name, set.type).length === 0)
    return `its alias target ${alias.name} is neither a known AWS endpoint nor a ${set.type} record in the zone ${zone.name}.`;
  const wantedZoneId = target?.zoneId ?? zone.zoneId;
  if (alias.zoneId !== wantedZoneId)
    return `its alias target ${alias.name} has the zone id ${wantedZoneId}, not ${alias.zoneId}.`;
  if (target && target.region === undefined && alias.evaluateTargetHealth)
    return `evaluateTargetHealth must be false for the CloudFront distribution ${alias.name}.`;
  if (!target && resolvesTo(zone, alias.name, set))
    return `its alias target ${alias.name} resolves back to it. Point the alias to another record.`;
  return undefined;
}

/** Whether the aliases from a name in the zone reach the name of the record set. The zone itself must be free of loops. */
function resolvesTo(zone: HostedZone, from: string, set: RecordSet): boolean {
  if (from === set.name) return true;
  return zone
    .at(from, set.type)
    .some(({ content }) => "alias" in content && resolvesTo(zone, content.alias.name, set));
}
