import { EventEmitter } from "node:events";
import type { Log } from "../log";
import type { Regions } from "../regions";
import { arnOf, type DeclaredResource, type LocalService, type CreatedResource } from "../resource";
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

/** How the local Route 53 is set up. */
export interface Route53Options {
  readonly regions: Regions;
  /** The DNS server's port, UDP and TCP; 0 lets the system choose. */
  readonly dnsPort: number;
  /** The port that stands for 443 on every region's address. */
  readonly healthCheckPort: () => number;
  /** Divides health-check intervals and TTLs; 1 is real time. */
  readonly speed: number;
  /** Describes the result of a health check in words, such as `healthy`, for the log. */
  readonly describe: (check: HealthCheckStatus) => string;
  readonly log: Log;
  /** Milliseconds since 1970; the system's clock by default. */
  readonly clock?: () => number;
}

/** A hosted zone as others see it. */
export interface ZoneSummary {
  readonly zoneId: string;
  readonly name: string;
  readonly arn: string;
  readonly nameServers: readonly string[];
  /** The names and types that have records, each once, the zone's own NS included. */
  readonly records: readonly { readonly name: string; readonly type: string }[];
}

/**
 * Route 53 on this machine: hosted zones, failover records and health checks that really probe, behind a DNS server on
 * loopback. Emits `healthChange` when a check turns healthy or unhealthy; answers follow at once.
 */
export class LocalRoute53
  extends EventEmitter<{ healthChange: [HealthCheckStatus] }>
  implements LocalService
{
  readonly resourceHandlers: LocalService["resourceHandlers"] = {
    "aws:route53/zone:Zone": (resource) => this.createZone(resource),
    "aws:route53/record:Record": (resource) => this.createRecord(resource),
    "aws:route53/healthCheck:HealthCheck": (resource) => this.createHealthCheck(resource),
  };

  private readonly hostedZones = new HostedZones();
  private readonly targets = new AliasTargets();
  private readonly checks: HealthChecks;
  private server: DnsServer | undefined;

  private constructor(private readonly options: Route53Options) {
    super();
    this.checks = new HealthChecks({
      resolve: (name, type) => this.resolve(name, type),
      healthCheckPort: options.healthCheckPort,
      speed: options.speed,
      now: options.clock ?? Date.now,
    });
    this.checks.on("change", (status) => this.reportChange(status));
  }

  /** @throws Error when the DNS port is taken, or the speed is not above 0. */
  static async start(options: Route53Options): Promise<LocalRoute53> {
    if (!(options.speed > 0)) throw new Error(`speed ${options.speed} is not a number above 0.`);
    const route53 = new LocalRoute53(options);
    const answer = (name: string, type: string): DnsResult => route53.answer(name, type);
    route53.server = await DnsServer.start({ port: options.dnsPort, answer, log: options.log });
    return route53;
  }

  /** Where the DNS server listens: `127.0.0.1:port`. */
  get dnsAddress(): string {
    return `127.0.0.1:${this.server?.port}`;
  }

  /** Says that a hosted zone exists before the program runs, such as the one that its config names. */
  adoptZone(zoneId: string, name: string): ZoneSummary {
    return summaryOf(this.hostedZones.create(zoneId, name));
  }

  /**
   * Makes an AWS endpoint known as a target for alias records.
   * @throws Error when there is no such region.
   */
  registerAliasTarget(target: AliasTarget): void {
    if (target.region !== undefined) this.options.regions.byCode(target.region);
    this.targets.add(target);
  }

  /** What the DNS server would answer now, CNAMEs that lead to the answer included; empty when there is no such record. */
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
        `Zone ${inputs.name}: ${unsupported} is not emulated; the local Route 53 has public zones only.`,
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
        `Record ${inputs.name} ${inputs.type}: there is no hosted zone ${inputs.zoneId}. Make it, or correct the zone id.`,
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
