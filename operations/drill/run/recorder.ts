import { DnsClient } from "../clients/dns-client";
import type { DrillTickets } from "../clients/drill-tickets";
import { KeepAliveClient } from "../clients/keep-alive-client";
import { Traffic } from "../clients/traffic";
import { WebUiClient } from "../clients/web-ui-client";
import { MachineWatch } from "../machine";
import { type AcknowledgedWrite, DNS, type Observations, type Phase } from "../observations";
import { faultAt } from "../report/figures";
import type { DrillSystem } from "../systems/drill-system";
import { CheckRecord } from "../systems/route53-checks";
import { observedSubjects, Observer } from "./observer";
import { ReplicationWatch } from "./replication-watch";

/** Pause between two requests of a client, in milliseconds. Low enough for a machine that runs both regions. */
const INTERVAL_MS = 250;
/** Timeout of a client that follows DNS, in milliseconds. */
const REQUEST_MS = 5000;
/** Longest life of a connection of a client that follows the rules for clients, in milliseconds of real time: the TTL of the failover name. */
const CONNECTION_MS = 60_000;
/** Its lower limit, which the speed does not divide further: TTLs are whole seconds. */
const LEAST_CONNECTION_MS = 1000;
/** Pause between two reads of the writes in flight, in milliseconds. */
const REPLICATION_MS = 100;
/** Pause between two reads of the events that the local cloud recorded, in milliseconds. */
const COLLECT_MS = 2000;

/** Clients of a drill, and everything that observes them and the system. Prints phases and changes as they happen. */
export class DrillRecorder {
  readonly observer: Observer;
  readonly watch: ReplicationWatch;
  readonly traffic: Traffic;
  private readonly phases: Phase[] = [];
  private readonly machine: MachineWatch;
  private readonly checks: CheckRecord;
  private collecting: NodeJS.Timeout | undefined;
  private webUiClient: WebUiClient | undefined;
  private keepAliveClients: readonly KeepAliveClient[] = [];
  private late: readonly AcknowledgedWrite[] | undefined;

  constructor(
    private readonly system: DrillSystem,
    tickets: DrillTickets,
    private readonly startedAt: number,
    private readonly print: (line: string) => void,
  ) {
    const { primary, secondary, checkChanges } = system;
    this.observer = new Observer(observedSubjects(system), ({ subject, value }) => {
      this.printTimed(`${subject}: ${value}`);
      const hasLeft = subject === DNS && value === secondary.name && faultAt(this.phases) !== undefined;
      if (hasLeft) this.late ??= this.watch.missingIn(secondary.name);
    });
    this.watch = new ReplicationWatch([primary.name, secondary.name], system.versionsIn, REPLICATION_MS);
    this.traffic = new Traffic({
      intervalMs: INTERVAL_MS,
      tickets,
      aliasOf: (code) => [primary, secondary].find((region) => region.code === code)?.name,
      onAcknowledged: (write) => this.watch.add(write),
    });
    this.machine = new MachineWatch(system.probeMachine);
    this.checks = new CheckRecord(checkChanges && (() => checkChanges(startedAt)));
  }

  /** Acknowledged writes that the secondary lacked when DNS first moved to it after the fault. */
  get lateWrites(): readonly AcknowledgedWrite[] {
    return this.late ?? [];
  }

  phase(kind: Phase["kind"], text: string): void {
    this.phases.push({ at: Date.now(), kind, text });
    this.printTimed(text);
  }

  start(): void {
    this.observer.start();
    this.machine.start();
    this.collecting = setInterval(() => void this.checks.collect(), COLLECT_MS);
    this.watch.start();
  }

  /** Starts the clients. The primary must serve by then. */
  startTraffic(): void {
    const { primary, secondary, failoverUrl: url, lookUp, ca, speed } = this.system;
    const options = { url, lookUp, ca, timeoutMs: REQUEST_MS };
    const dnsClient = (): DnsClient => new DnsClient(options);
    this.webUiClient = new WebUiClient([primary, secondary]);
    const keepAlive = new KeepAliveClient(options);
    const maximumAgeMs = Math.max(LEAST_CONNECTION_MS, CONNECTION_MS / speed);
    const keepAliveWithRules = new KeepAliveClient({ ...options, maximumAgeMs });
    this.keepAliveClients = [keepAlive, keepAliveWithRules];
    this.traffic.start({
      writer: dnsClient(),
      reader: dnsClient(),
      page: this.webUiClient,
      keepAlive,
      keepAliveWithRules,
    });
  }

  async stopTraffic(): Promise<void> {
    await this.traffic.stop();
    this.webUiClient?.close();
    for (const client of this.keepAliveClients) client.close();
  }

  /** Stops the observation of the machine. */
  stopMachine(): void {
    clearInterval(this.collecting);
    this.machine.stop();
  }

  /** Stops all observation. */
  async stop(): Promise<void> {
    this.stopMachine();
    await Promise.all([this.observer.stop(), this.watch.stop()]);
  }

  /** Stops all observation and returns what was observed. */
  async observations(): Promise<Omit<Observations, "routing">> {
    await Promise.all([this.stop(), this.checks.collect()]);
    const changes = [...this.observer.changes, ...this.checks.changes].sort(
      (left, right) => left.at - right.at,
    );
    return { samples: this.traffic.samples, changes, phases: this.phases, machine: this.machine.samples };
  }

  private printTimed(text: string): void {
    const seconds = ((Date.now() - this.startedAt) / 1000).toFixed(1);
    this.print(`${seconds.padStart(7)} s ${text}`);
  }
}
