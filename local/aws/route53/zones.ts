import { nameServersOf } from "./ids";
import { canonicalName, checkDomainName, isWithin, withAncestors } from "./names";
import type { RecordSet, RecordType } from "./record-set";

/** TTL of the NS records that Route 53 creates with a zone, in seconds. */
const NAME_SERVER_TTL = 172_800;

/** Hosted zone and its records. A new zone has the NS records of its apex; its SOA is created for each answer. */
export class HostedZone {
  readonly nameServers: readonly string[];
  private sets: RecordSet[] = [];

  /** @param name canonical name of the zone. */
  constructor(
    readonly zoneId: string,
    readonly name: string,
  ) {
    this.nameServers = nameServersOf(zoneId);
    this.put({ name, type: "NS", content: { ttl: NAME_SERVER_TTL, values: this.nameServers } });
  }

  recordSets(): readonly RecordSet[] {
    return this.sets;
  }

  /** Returns the record sets of a canonical name, of one type or of all types. */
  at(name: string, type?: RecordType): RecordSet[] {
    return this.sets.filter((set) => set.name === name && (type === undefined || set.type === type));
  }

  /** Whether a name, or a name below it, has records. In the second case the name exists, although it is empty (RFC 8020). */
  exists(name: string): boolean {
    return this.sets.some((set) => isWithin(set.name, name));
  }

  /** Returns the NS records of the topmost delegation at or above a name, without the apex. */
  delegationOf(name: string): RecordSet | undefined {
    return withAncestors(name)
      .filter((ancestor) => ancestor !== this.name && isWithin(ancestor, this.name))
      .flatMap((ancestor) => this.at(ancestor, "NS"))
      .pop();
  }

  /** Adds a record set, or replaces the one with the same name, type and set identifier. */
  put(set: RecordSet): void {
    this.sets = this.sets.filter((other) => !sameRecord(other, set)).concat(set);
  }
}

/** Whether two record sets have the same name, type and set identifier, which identify a record set in Route 53. */
export function sameRecord(one: RecordSet, other: RecordSet): boolean {
  return one.name === other.name && one.type === other.type && one.setIdentifier === other.setIdentifier;
}

/** All hosted zones. */
export class HostedZones {
  private readonly zones = new Map<string, HostedZone>();

  all(): HostedZone[] {
    return [...this.zones.values()];
  }

  /**
   * Creates a zone, or returns the existing one with this id and name.
   * @throws Error when the id or the name belongs to another zone, because only one zone of a name can answer.
   */
  create(zoneId: string, name: string): HostedZone {
    const canonical = canonicalName(name);
    checkDomainName(canonical, "Zone");
    const taken = this.all().find((zone) => zone.zoneId === zoneId || zone.name === canonical);
    if (taken?.zoneId === zoneId && taken.name === canonical) return taken;
    if (taken)
      throw new Error(
        `Zone ${canonical} (${zoneId}) cannot be created: the zone ${taken.name} (${taken.zoneId}) exists. Use that one, by its id, or another name.`,
      );
    const zone = new HostedZone(zoneId, canonical);
    this.zones.set(zoneId, zone);
    return zone;
  }

  byId(zoneId: string): HostedZone | undefined {
    return this.zones.get(zoneId);
  }

  /** Returns the zone with the longest name that contains a canonical name. */
  containing(name: string): HostedZone | undefined {
    return this.all()
      .filter((zone) => isWithin(name, zone.name))
      .sort((one, other) => other.name.length - one.name.length)[0];
  }
}
