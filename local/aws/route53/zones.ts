import type { DeclaredResource } from "../resource";
import { nameServersOf } from "./ids";
import { canonicalName, checkDomainName, isWithin, withAncestors } from "./names";
import type { RecordSet, RecordType } from "./record-set";

/** TTL of the NS records that Route 53 creates with a zone, in seconds. */
const NAME_SERVER_TTL = 172_800;

/** Hosted zone and its records. A new zone has the NS records of its apex; its SOA is created for each answer. */
export class HostedZone {
  readonly nameServers: readonly string[];
  /** Inputs as they were last declared. */
  inputs: DeclaredResource["inputs"];
  private sets: RecordSet[] = [];

  /**
   * @param name canonical name of the zone.
   * @param isAdopted whether the zone exists before the program runs.
   */
  constructor(
    readonly zoneId: string,
    readonly name: string,
    readonly isAdopted: boolean,
  ) {
    this.inputs = { name };
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

  /** Returns the record set with a name, type and set identifier. */
  find(key: RecordKey): RecordSet | undefined {
    return this.sets.find((set) => sameRecord(set, key));
  }

  /** Adds a record set, or replaces the one with the same name, type and set identifier. */
  put(set: RecordSet): void {
    this.remove(set);
    this.sets = [...this.sets, set];
  }

  remove(key: RecordKey): void {
    this.sets = this.sets.filter((set) => !sameRecord(set, key));
  }

  /** Whether a record set is the NS of the apex, which a zone must have. */
  isRequired({ name, type }: RecordKey): boolean {
    return type === "NS" && name === this.name;
  }

  /** Removes all record sets that a zone need not have. */
  clear(): void {
    this.sets = this.sets.filter((set) => this.isRequired(set));
  }
}

/** What identifies a record set in Route 53. */
export type RecordKey = Pick<RecordSet, "name" | "type" | "setIdentifier">;

/** Whether two record sets are identified by the same name, type and set identifier. */
export function sameRecord(one: RecordKey, other: RecordKey): boolean {
  return one.name === other.name && one.type === other.type && one.setIdentifier === other.setIdentifier;
}

/** All hosted zones. */
export class HostedZones {
  private readonly zones = new Map<string, HostedZone>();

  all(): HostedZone[] {
    return [...this.zones.values()];
  }

  /**
   * Creates a zone. Several zones can have the same name; each has its own id and name servers.
   * @throws Error when the id is taken.
   */
  create(zoneId: string, name: string, isAdopted = false): HostedZone {
    const canonical = canonicalName(name);
    checkDomainName(canonical, "Zone");
    const taken = this.byId(zoneId);
    if (taken)
      throw new Error(
        `HostedZoneAlreadyExists: Zone ${canonical} cannot be created: ${zoneId} is the id of the zone ${taken.name}.`,
      );
    const zone = new HostedZone(zoneId, canonical, isAdopted);
    this.zones.set(zoneId, zone);
    return zone;
  }

  delete(zoneId: string): void {
    this.zones.delete(zoneId);
  }

  byId(zoneId: string): HostedZone | undefined {
    return this.zones.get(zoneId);
  }

  /**
   * Returns the zone that answers for a canonical name: the one with the longest name that contains it. Of several zones with the same
   * name, public resolvers query the one to whose name servers the parent zone delegates. Here that is an adopted zone, else the
   * oldest one.
   */
  containing(name: string): HostedZone | undefined {
    return this.all()
      .filter((zone) => isWithin(name, zone.name))
      .sort(
        (one, other) =>
          other.name.length - one.name.length || Number(other.isAdopted) - Number(one.isAdopted),
      )[0];
  }
}
