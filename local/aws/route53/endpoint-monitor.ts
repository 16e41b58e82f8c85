import type { DnsAnswer } from "./resource-records";
import type { EndpointConfig } from "./health-check-config";
import { type EndpointHealth, newHealth, observe } from "./health-status";
import { probe, type ProbeResult } from "./probe";

/** Route 53's port for HTTPS, which another port stands for on this machine. */
const HTTPS_PORT = 443;
/** The shortest interval at any speed: more often than this a check would only load the machine. */
const MIN_INTERVAL_MS = 20;

/** What a monitor needs. */
export interface MonitorOptions {
  /** What our DNS answers. */
  readonly resolve: (name: string, type: string) => DnsAnswer[];
  /** The port of this machine that stands for port 443. */
  readonly healthCheckPort: () => number;
  /** Divides the interval. */
  readonly speed: number;
}

/** Asks one endpoint over and over, one request at a time, and keeps its status. */
export class EndpointMonitor {
  private health: EndpointHealth;
  private result: ProbeResult | undefined;
  private timer: NodeJS.Timeout | undefined;
  private readonly stopped = new AbortController();

  /** @param onResult called after every request. */
  constructor(
    private readonly config: EndpointConfig,
    private readonly options: MonitorOptions,
    private readonly onResult: () => void,
  ) {
    this.health = newHealth(config.inverted, config.failureThreshold);
  }

  get healthy(): boolean {
    return this.health.healthy;
  }

  /** Undefined before the first request has ended. */
  get lastResult(): string | undefined {
    return this.result?.text;
  }

  start(): void {
    const began = performance.now();
    void this.ask().then((result) => {
      if (this.stopped.signal.aborted) return;
      this.result = result;
      this.health = observe(this.health, result.passed, this.config.failureThreshold);
      this.onResult();
      const interval = Math.max(MIN_INTERVAL_MS, (this.config.requestInterval * 1000) / this.options.speed);
      this.timer = setTimeout(() => this.start(), Math.max(0, began + interval - performance.now()));
    });
  }

  stop(): void {
    this.stopped.abort();
    clearTimeout(this.timer);
  }

  private async ask(): Promise<ProbeResult> {
    const { fqdn, ipAddress, port } = this.config;
    const host = ipAddress ?? this.addressOf(fqdn ?? "");
    if (!host) return { passed: false, text: `${fqdn} has no address` };
    const localPort = port === HTTPS_PORT ? this.options.healthCheckPort() : port;
    return probe(this.config, { host, port: localPort }, this.stopped.signal);
  }

  private addressOf(name: string): string | undefined {
    return this.options.resolve(name, "A").find((answer) => answer.type === "A")?.data;
  }
}
