import type { DnsAnswer } from "./resource-records";
import type { EndpointConfig } from "./health-check-config";
import { probeEndpoint, type ProbeResult } from "./endpoint-probe";

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
    this.health = initialHealth(config.inverted, config.failureThreshold);
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
      this.health = recordResult(this.health, result.passed, this.config.failureThreshold);
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
    return probeEndpoint(this.config, { host, port: localPort }, this.stopped.signal);
  }

  private addressOf(name: string): string | undefined {
    return this.options.resolve(name, "A").find((answer) => answer.type === "A")?.data;
  }
}

/** What a health checker knows about an endpoint. */
export interface EndpointHealth {
  readonly healthy: boolean;
  /** How many results in a row went against `healthy`. */
  readonly streak: number;
}

/** An endpoint that was not checked yet counts as healthy. */
export const UNCHECKED: EndpointHealth = { healthy: true, streak: 0 };

/**
 * Where a new check begins. A new check counts as healthy, a new inverted one as unhealthy, "until there's enough data
 * to determine the actual status". For an inverted check the first result is enough here, as the first seconds of AWS's
 * many checkers are; the others need the threshold, because a check is often made before its endpoint answers.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 */
export function initialHealth(inverted: boolean, failureThreshold: number): EndpointHealth {
  return inverted ? { ...UNCHECKED, streak: failureThreshold - 1 } : UNCHECKED;
}

/**
 * Takes one result: the status turns when as many results in a row as the threshold go against it.
 * Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 * @param failureThreshold 1 to 10; it counts for both directions.
 */
export function recordResult(
  health: EndpointHealth,
  passed: boolean,
  failureThreshold: number,
): EndpointHealth {
  if (passed === health.healthy) return { healthy: passed, streak: 0 };
  const streak = health.streak + 1;
  return streak >= failureThreshold ? { healthy: passed, streak: 0 } : { ...health, streak };
}
