import { EventEmitter } from "node:events";
import type { Log } from "../log";
import type { Regions } from "../regions";
import {
  arnOf,
  type DeclaredResource,
  type LocalService,
  type CreatedResource,
  createOnly,
} from "../resource";
import { AliasTargets, type AliasTarget } from "./alias-targets";
import { answerQuestion, type DnsResult } from "./answer";
import { DnsServer } from "./dns-server";
import { parseHealthCheck, type HealthCheckInputs } from "./health-check-config";
import { HealthChecks, type HealthCheckStatus } from "./health-checks";
import { healthCheckIdOf, zoneIdOf } from "./ids";
import { parseRecordSet, type RecordInputs } from "./record-set";
import { checkRecordFits } from "./record-rules";
import { toDnsAnswer, type DnsAnswer } from "./resource-records";
import { checkTags } from "./tags";
import { HostedZones, type HostedZone } from "./zones";

/** Dependencies and settings of {@link LocalRoute53}. */
export interface LocalRoute53Options {
  readonly regions: Regions;
  /** UDP and TCP port of the DNS server; 0 lets the operating system choose. */
  readonly dnsPort: number;
  /** Port in place of 443 on every region's address. */
  readonly healthCheckPort: () => number;
  /** Divisor of health-check intervals and TTLs; 1 is real time. */
  readonly speed: number;
  /** Describes the result of a health check in words, such as `healthy`, for the log. */
  readonly describe: (check: HealthCheckStatus) => string;
  readonly log: Log;
  /** Clock in milliseconds since 1970; by default that of the system. */
  readonly clock?: () => number;
}

/** Summary of a hosted zone. */
export interface ZoneSummary {
  readonly zoneId: string;
  readonly name: string;
  readonly arn: string;
  readonly nameServers: readonly string[];
  /** Names and types of the records, without duplicates, including the zone's own NS. */
  readonly records: readonly { readonly name: string; readonly type: string }[];
}

/**
 * Emulation of Route 53: hosted zones, failover records and health checks that probe their endpoints, behind a DNS server on
 * loopback. Emits `healthChange` when a check becomes healthy or unhealthy; DNS answers change at the same time.
 */
export class LocalRoute53
  extends EventEmitter<{ healthChange: [HealthCheckStatus] }>
  implements LocalService
{
  readonly resourceHandlers: LocalService["resourceHandlers"] = createOnly({
    "aws:route53/zone:Zone": (resource) => this.createZone(resource),
    "aws:route53/record:Record": (resource) => this.createRecord(resource),
    "aws:route53/healthCheck:HealthCheck": (resource) => this.createHealthCheck(resource),
  });

  private readonly hostedZones = new HostedZones();
  private readonly targets = new AliasTargets();
  private readonly checks: HealthChecks;
  private server: DnsServer | undefined;

  private constructor(private readonly options: LocalRoute53Options) {
    super();
    this.checks = new HealthChecks({
      resolve: (name, type) => this.resolve(name, type),
      healthCheckPort: options.healthCheckPort,
      speed: options.speed,
      now: options.clock ?? Date.now,
    });
    this.checks.on("change", (status) => this.reportChange(status));
  }

  /** Starts the DNS server. @throws Error when its port is in use, or the speed is not above 0. */
  static async start(options: LocalRoute53Options): Promise<LocalRoute53> {
    if (!(options.speed > 0)) throw new Error(`speed ${options.speed} is not a number above 0.`);
    const route53 = new LocalRoute53(options);
    const answer = (name: string, type: string): DnsResult => route53.answer(name, type);
    route53.server = await DnsServer.start({ port: options.dnsPort, answer, log: options.log });
    return route53;
  }

  /** Address of the DNS server: `127.0.0.1:port`. */
  get dnsAddress(): string {
    return `127.0.0.1:${this.server?.port}`;
  }

  /** Creates a hosted zone that exists before the program runs, such as the one in its configuration. */
  adoptZone(zoneId: string, name: string): ZoneSummary {
    return summaryOf(this.hostedZones.create(zoneId, name));
  }

  /**
   * Registers an AWS endpoint as a target of alias records.
   * @throws Error when its region does not exist.
   */
  registerAliasTarget(target: AliasTarget): void {
    if (target.region !== undefined) this.options.regions.byCode(target.region);
    this.targets.add(target);
  }

  /** Removes an AWS endpoint that no longer exists. Alias records that point to it have no answers then. */
  unregisterAliasTarget(name: string): void {
    this.targets.remove(name);
  }

  /** Returns the current answers of the DNS server, including CNAMEs on the way; empty when there is no such record. */
  resolve(name: string, type: string): DnsAnswer[] {
    return this.answer(name, type).answers.map(toDnsAnswer);
  }

  zones(): ZoneSummary[] {
    return this.hostedZones.all().map(summaryOf);
  }

  healthChecks(): HealthCheckStatus[] {
    return this.checks.statuses();
  }

  async close(): Promise<void> {
    this.checks.close();
    await this.server?.close();
  }

  private answer(name: string, type: string): DnsResult {
    return answerQuestion(name, type, {
      zones: this.hostedZones,
      targets: this.targets,
      isCheckHealthy: (id) => this.checks.isHealthy(id),
      regions: this.options.regions,
      speed: this.options.speed,
    });
  }

  private async createZone({ inputs, physicalName }: DeclaredResource): Promise<CreatedResource> {
    const unsupported = ["vpcs", "delegationSetId"].find((key) => inputs[key] !== undefined);
    if (unsupported)
      throw new Error(
        `Zone ${inputs.name}: ${unsupported} is not emulated; the local Route 53 supports public zones only.`,
      );
    if (!inputs.name) throw new Error("Zone: give its name, such as tickets.test.");
    checkTags(`Zone ${inputs.name}`, inputs.tags);
    const zone = this.hostedZones.create(zoneIdOf(physicalName), inputs.name);
    const { zoneId, arn, nameServers } = summaryOf(zone);
    const outputs = { zoneId, arn, nameServers, primaryNameServer: nameServers[0], name: zone.name };
    return { id: zoneId, outputs };
  }

  private async createRecord(resource: DeclaredResource): Promise<CreatedResource> {
    const inputs = resource.inputs as RecordInputs & Record<string, unknown>;
    const zone = this.hostedZones.byId(String(inputs.zoneId));
    if (!zone)
      throw new Error(
        `Record ${inputs.name} ${inputs.type}: there is no hosted zone ${inputs.zoneId}. Create it, or correct the zone id.`,
      );
    const set = parseRecordSet(inputs, zone.name);
    if (set.healthCheckId !== undefined && !this.checks.has(set.healthCheckId))
      throw new Error(`Record ${set.name} ${set.type}: there is no health check ${set.healthCheckId}.`);
    checkRecordFits(zone, set, inputs.allowOverwrite === true, this.targets);
    zone.put(set);
    const id = [zone.zoneId, set.name, set.type, set.setIdentifier].filter(Boolean).join("_");
    return { id, outputs: { fqdn: set.name, name: inputs.name } };
  }

  private async createHealthCheck(resource: DeclaredResource): Promise<CreatedResource> {
    const id = healthCheckIdOf(resource.physicalName);
    const inputs = resource.inputs as HealthCheckInputs & Record<string, unknown>;
    checkTags(`Health check ${resource.name}`, resource.inputs.tags);
    this.checks.add(parseHealthCheck(id, resource.name, inputs, (child) => this.checks.has(child)));
    return { id, outputs: { arn: arnOf("route53", "", `healthcheck/${id}`) } };
  }

  private reportChange(status: HealthCheckStatus): void {
    const { describe, log } = this.options;
    log("route53", `health check ${status.name}: ${describe(status)} (${status.lastResult})`);
    this.emit("healthChange", status);
  }
}

function summaryOf(zone: HostedZone): ZoneSummary {
  const { zoneId, name, nameServers } = zone;
  const unique = new Map(zone.recordSets().map((set) => [`${set.name} ${set.type}`, set]));
  const records = [...unique.values()].map((set) => ({ name: set.name, type: set.type }));
  return { zoneId, name, nameServers, records, arn: arnOf("route53", "", `hostedzone/${zoneId}`) };
}
