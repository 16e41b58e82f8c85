import { EventEmitter } from "node:events";
import type { Log } from "../log";
import type { Regions } from "../regions";
import type { LocalService } from "../resource";
import { AliasTargets, type AliasTarget } from "./alias-targets";
import { answerQuestion, type DnsResult } from "./answer";
import { DnsServer } from "./dns-server";
import { healthCheckHandler } from "./health-check-resource";
import { HealthChecks, type HealthCheckStatus } from "./health-checks";
import { canonicalName } from "./names";
import { recordHandler } from "./record-resource";
import { toDnsAnswer, type DnsAnswer } from "./resource-records";
import { zoneArn, zoneHandler } from "./zone-resource";
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
  readonly resourceHandlers: LocalService["resourceHandlers"];

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
    this.resourceHandlers = {
      "aws:route53/zone:Zone": zoneHandler(this.hostedZones),
      "aws:route53/record:Record": recordHandler({
        zones: this.hostedZones,
        targets: this.targets,
        hasCheck: (id) => this.checks.has(id),
      }),
      "aws:route53/healthCheck:HealthCheck": healthCheckHandler(this.checks),
    };
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

  /**
   * Creates a hosted zone that exists before the program runs, such as the one in its configuration. Resolvers prefer it to other
   * zones of its name. A second call for the same zone has no effect.
   * @throws Error when the id is that of a zone with another name.
   */
  adoptZone(zoneId: string, name: string): ZoneSummary {
    const existing = this.hostedZones.byId(zoneId);
    if (existing?.name === canonicalName(name)) return summaryOf(existing);
    return summaryOf(this.hostedZones.create(zoneId, name, true));
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
  return { zoneId, name, nameServers, records, arn: zoneArn(zoneId) };
}
