import { isDeepStrictEqual } from "node:util";
import type { DnsAnswer } from "./resource-records";
import type { EndpointConfig } from "./health-check-config";
import { probeEndpoint, type ProbeResult } from "./endpoint-probe";

/** Port for HTTPS in health checks, which is mapped to another port on this machine. */
const HTTPS_PORT = 443;
/** Minimum interval at any speed, which limits the load on the machine. */
const MIN_INTERVAL_MS = 20;

/** Dependencies and settings of monitors. */
export interface MonitorOptions {
  /** Resolves a name as the local DNS server does. */
  readonly resolve: (name: string, type: string) => DnsAnswer[];
  /** Port of this machine in place of 443. */
  readonly healthCheckPort: () => number;
  /** Divisor of the interval. */
  readonly speed: number;
}

/** Probes one endpoint periodically, one request at a time, and keeps its status. */
export class EndpointMonitor {
  private health: EndpointHealth;
  private result: ProbeResult | undefined;
  private timer: NodeJS.Timeout | undefined;
  private readonly stopped = new AbortController();

  /**
   * @param onResult called after every probe.
   * @param previous monitor of the same check before a change. Its verdict is kept; the results that contradict it only count if the
   *   same is probed.
   */
  constructor(
    private readonly config: EndpointConfig,
    private readonly options: MonitorOptions,
    private readonly onResult: () => void,
    previous?: EndpointMonitor,
  ) {
    const probesSame = previous !== undefined && isDeepStrictEqual(probed(previous.config), probed(config));
    this.result = probesSame ? previous.result : undefined;
    this.health = previous
      ? { ...previous.health, streak: probesSame ? previous.health.streak : 0 }
      : initialHealth(config.inverted, config.failureThreshold);
  }

  get healthy(): boolean {
    return this.health.healthy;
  }

  /** Result of the last probe in words; undefined before the first probe ends. */
  get lastResult(): string | undefined {
    return this.result?.text;
  }

  start(): void {
    const began = performance.now();
    void this.probe().then((result) => {
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

  /**
   * Probes all addresses of the endpoint. One that passes is enough: Route 53 counts an endpoint as healthy while more than 18 % of its
   * many checkers do. AWS does not document which of several addresses a checker takes.
   */
  private async probe(): Promise<ProbeResult> {
    const { fqdn, ipAddress, port } = this.config;
    const hosts = ipAddress === undefined ? this.addressesOf(fqdn ?? "") : [ipAddress];
    if (hosts.length === 0) return { passed: false, text: `${fqdn} has no address` };
    const localPort = port === HTTPS_PORT ? this.options.healthCheckPort() : port;
    const results = await Promise.all(
      hosts.map((host) => probeEndpoint(this.config, { host, port: localPort }, this.stopped.signal)),
    );
    return results.find(({ passed }) => passed) ?? results[0];
  }

  private addressesOf(name: string): string[] {
    const answers = this.options.resolve(name, "A");
    return answers.filter((answer) => answer.type === "A").map(({ data }) => data);
  }
}

/** Returns what the result of a probe depends on. */
function probed(config: EndpointConfig): Partial<EndpointConfig> {
  const { protocol, fqdn, ipAddress, port, path, sni, searchString } = config;
  return { protocol, fqdn, ipAddress, port, path, sni, searchString };
}

/** Health of an endpoint, as a health checker knows it. */
export interface EndpointHealth {
  readonly healthy: boolean;
  /** Number of consecutive results that contradict `healthy`. */
  readonly streak: number;
}

/** Health before the first probe: an unchecked endpoint counts as healthy. */
export const UNCHECKED: EndpointHealth = { healthy: true, streak: 0 };

/**
 * Returns the health of a new check. A new check counts as healthy, a new inverted check as unhealthy, "until there's enough data
 * to determine the actual status". For an inverted check one result is enough here, as the first seconds of AWS's many checkers
 * are. Other checks need the threshold, because a check is often created before its endpoint responds.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 */
export function initialHealth(inverted: boolean, failureThreshold: number): EndpointHealth {
  return inverted ? { ...UNCHECKED, streak: failureThreshold - 1 } : UNCHECKED;
}

/**
 * Returns the health after one more result. The status changes when as many consecutive results as the threshold contradict it.
 * Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 * @param failureThreshold 1 to 10; applies to both directions.
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
