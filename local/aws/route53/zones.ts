import { nameServersOf } from "./ids";
import { canonicalName, checkDomainName, isWithin, withAncestors } from "./names";
import type { RecordSet, RecordType } from "./record-set";

/** The TTL of the NS records that Route 53 makes with a zone, in seconds. */
const NAME_SERVER_TTL = 172_800;

/** A hosted zone and its records. It begins with the NS records at its apex; its SOA is made when asked for. */
export class HostedZone {
  readonly nameServers: readonly string[];
  private sets: RecordSet[] = [];

  /** @param name canonical. */
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

  /** The records of a canonical name, of one type or of all. */
  at(name: string, type?: RecordType): RecordSet[] {
    return this.sets.filter((set) => set.name === name && (type === undefined || set.type === type));
  }

  /** Whether the name has records, or a name below it has (RFC 8020: then it exists, though empty). */
  exists(name: string): boolean {
    return this.sets.some((set) => isWithin(set.name, name));
  }

  /** The NS records of the topmost delegation that the name lies at or below, the apex left out. */
  delegationOf(name: string): RecordSet | undefined {
    return withAncestors(name)
      .filter((ancestor) => ancestor !== this.name && isWithin(ancestor, this.name))
      .flatMap((ancestor) => this.at(ancestor, "NS"))
      .pop();
  }

  /** Adds a record set in place of the one with the same name, type and set identifier, if there is one. */
  put(set: RecordSet): void {
    this.sets = this.sets.filter((other) => !sameRecord(other, set)).concat(set);
  }
}

/** Whether two record sets have the same name, type and set identifier, which is what makes one in Route 53. */
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
   * Makes a zone; one that is there already, with this id and name, is returned as it is.
   * @throws Error when the id or the name belongs to another zone: two zones of one name could not both be asked.
   */
  create(zoneId: string, name: string): HostedZone {
    const canonical = canonicalName(name);
    checkDomainName(canonical, "Zone");
    const taken = this.all().find((zone) => zone.zoneId === zoneId || zone.name === canonical);
    if (taken?.zoneId === zoneId && taken.name === canonical) return taken;
    if (taken)
      throw new Error(
        `Zone ${canonical} (${zoneId}) cannot be made: the zone ${taken.name} (${taken.zoneId}) exists. Use that one, by its id, or another name.`,
      );
    const zone = new HostedZone(zoneId, canonical);
    this.zones.set(zoneId, zone);
    return zone;
  }

  byId(zoneId: string): HostedZone | undefined {
    return this.zones.get(zoneId);
  }

  /** The zone with the longest name that the canonical name lies in. */
  containing(name: string): HostedZone | undefined {
    return this.all()
      .filter((zone) => isWithin(name, zone.name))
      .sort((one, other) => other.name.length - one.name.length)[0];
  }
}
