import { EventEmitter } from "node:events";
import type { HealthCheckConfig } from "./health-check-config";
import { EndpointMonitor, type MonitorOptions } from "./endpoint-monitor";

/** Status of a health check, for the console and for operators. */
export interface HealthCheckStatus {
  readonly id: string;
  /** Logical name in Pulumi. */
  readonly name: string;
  /** `https://ireland.tickets.test:443/health`, or `2 of a, b` for a calculated check. */
  readonly target: string;
  readonly kind: HealthCheckConfig["kind"];
  /** Whether the status is inverted: healthy while its condition is not met. */
  readonly inverted: boolean;
  readonly healthy: boolean;
  /** Result of the last probe, such as `200, matched` or `connection refused`. */
  readonly lastResult: string;
  /** Time of the last change of `healthy`, or of the creation: milliseconds since 1970. */
  readonly since: number;
}

interface Entry {
  config: HealthCheckConfig;
  monitor: EndpointMonitor | undefined;
  healthy: boolean;
  since: number;
}

/** Dependencies and settings of {@link HealthChecks}. */
export interface HealthChecksOptions extends MonitorOptions {
  readonly now: () => number;
}

/** All health checks. Emits `change` when one becomes healthy or unhealthy. */
export class HealthChecks extends EventEmitter<{ change: [HealthCheckStatus] }> {
  private readonly entries = new Map<string, Entry>();
  private closed = false;

  constructor(private readonly options: HealthChecksOptions) {
    super();
  }

  /**
   * Adds a check and starts to probe its endpoint, unless it is disabled.
   * @throws Error when its id is taken.
   */
  add(config: HealthCheckConfig): void {
    if (this.has(config.id))
      throw new Error(`Health check ${config.name}: HealthCheckAlreadyExists: its id ${config.id} is taken.`);
    const monitor = this.monitorFor(config);
    const entry = { config, monitor, healthy: true, since: this.options.now() };
    this.entries.set(config.id, entry);
    entry.healthy = this.evaluate(entry);
    this.start(monitor);
  }

  /**
   * Changes a check, which keeps its verdict until results contradict it. The next probe starts at once.
   * @throws Error when there is no such check, or when it would monitor itself.
   */
  update(config: HealthCheckConfig): void {
    const entry = this.entryOf(config.id);
    if (this.monitors(config, config.id))
      throw new Error(`Health check ${config.name}: InvalidInput: it cannot monitor itself.`);
    const previous = entry.monitor;
    previous?.stop();
    entry.config = config;
    entry.monitor = this.monitorFor(config, previous);
    this.refresh();
    this.start(entry.monitor);
  }

  /** Removes a check. Records and calculated checks that use it count it as healthy from then on. */
  remove(id: string): void {
    this.entries.get(id)?.monitor?.stop();
    this.entries.delete(id);
    this.refresh();
  }

  has(id: string): boolean {
    return this.entries.has(id);
  }

  /** @throws Error when there is no such check. */
  config(id: string): HealthCheckConfig {
    return this.entryOf(id).config;
  }

  /**
   * Whether a check is healthy. A check that was deleted is: "If you delete a health check and you don't update the associated
   * records, Route 53 considers the health check healthy."
   * Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-updating-deleting-tasks.html
   */
  isHealthy(id: string): boolean {
    return this.entries.get(id)?.healthy ?? true;
  }

  statuses(): HealthCheckStatus[] {
    return [...this.entries.values()].map((entry) => this.statusOf(entry));
  }

  /** Stops all probes permanently and keeps the statuses. */
  close(): void {
    this.closed = true;
    this.entries.forEach(({ monitor }) => monitor?.stop());
  }

  private entryOf(id: string): Entry {
    const entry = this.entries.get(id);
    if (!entry) throw new Error(`NoSuchHealthCheck: there is no health check ${id}.`);
    return entry;
  }

  private monitorFor(config: HealthCheckConfig, previous?: EndpointMonitor): EndpointMonitor | undefined {
    const runs = config.kind === "endpoint" && !config.disabled;
    return runs ? new EndpointMonitor(config, this.options, () => this.refresh(), previous) : undefined;
  }

  private start(monitor: EndpointMonitor | undefined): void {
    if (!this.closed) monitor?.start();
  }

  /** Whether a check has another one among its children, or among theirs. */
  private monitors(config: HealthCheckConfig, id: string): boolean {
    if (config.kind === "endpoint") return false;
    return config.children.some((child) => {
      const entry = this.entries.get(child);
      return child === id || (entry !== undefined && this.monitors(entry.config, id));
    });
  }

  /** Evaluates all checks. */
  private refresh(): void {
    for (const entry of this.entries.values()) {
      const healthy = this.evaluate(entry);
      if (healthy === entry.healthy) continue;
      entry.healthy = healthy;
      entry.since = this.options.now();
      this.emit("change", this.statusOf(entry));
    }
  }

  /** Evaluates a check and its children from the results of the endpoints. */
  private evaluate({ config, monitor }: Entry): boolean {
    const healthy = config.disabled || (config.kind === "endpoint" ? monitor?.healthy : this.enough(config));
    return healthy !== config.inverted;
  }

  private enough(config: HealthCheckConfig & { kind: "calculated" }): boolean {
    return this.healthyChildren(config) >= config.threshold;
  }

  private healthyChildren(config: HealthCheckConfig & { kind: "calculated" }): number {
    return config.children.filter((child) => {
      const entry = this.entries.get(child);
      return !entry || this.evaluate(entry);
    }).length;
  }

  private statusOf(entry: Entry): HealthCheckStatus {
    const { config, healthy, since } = entry;
    const { id, name, kind, inverted } = config;
    const [target, lastResult] = [this.targetOf(config), this.lastResultOf(entry)];
    return { id, name, target, kind, inverted, healthy, lastResult, since };
  }

  private targetOf(config: HealthCheckConfig): string {
    if (config.kind === "endpoint")
      return `${config.protocol}://${config.fqdn ?? config.ipAddress}:${config.port}${config.path}`;
    const names = config.children.map((child) => this.entries.get(child)?.config.name ?? "a deleted check");
    return `${config.threshold} of ${names.join(", ")}`;
  }

  private lastResultOf({ config, monitor }: Entry): string {
    if (config.disabled) return "disabled";
    if (config.kind === "calculated")
      return `${this.healthyChildren(config)} of ${config.children.length} healthy, ${config.threshold} needed`;
    return monitor?.lastResult ?? "not checked yet";
  }
}
