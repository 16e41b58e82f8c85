import { changedItem, revisionOf, RoutingItem } from "../../../functions/routing/routing-item";
import { failBack, takeOver } from "../../../functions/routing/routing-table";
import {
  observed,
  takeoverReason,
  SentinelState,
  sentinelTiming,
} from "../../../functions/sentinel/sentinel-state";
import { answering, calculated, EndpointCheck } from "./route53-model";

/** Conditions during a phase. */
export interface Phase {
  readonly seconds: number;
  /** Whether the region runs and returns a healthy response. */
  readonly primaryUp: boolean;
  readonly secondaryUp: boolean;
  /** Whether requests from outside keep Route 53 from reading either region's `/routing`. */
  readonly flooded: boolean;
  /** Action of an operator at the start of the phase. */
  readonly operator?: "takeover" | "failback" | "forced failback";
}

/** State in one second. */
export interface Moment extends Phase {
  readonly second: number;
  readonly answer: "primary" | "secondary";
  /** Whether the secondary has taken over by its routing item. */
  readonly takenOver: boolean;
  /** Results of the endpoint checks. */
  readonly primaryHealthy: boolean;
  readonly secondaryHealthy: boolean;
}

const TIMING = sentinelTiming(30);
/** Cache time of the DNS response about the serving region, in seconds. */
const SERVING_TTL = 5;

/**
 * The routing of this program in the world of Route 53's rules: the health checks and the failover pair as the program
 * declares them, the secondary's item and its sentinel by the program's own code.
 */
export class RoutingWorld {
  readonly history: Moment[] = [];
  private readonly primary = new EndpointCheck(3);
  private readonly secondary = new EndpointCheck(3);
  private readonly takeover = new EndpointCheck(1, true);
  private item: RoutingItem | undefined;
  private state: SentinelState = { id: "sentinel", runner: "one", failures: 0 };
  private second = 0;

  /** @param sentinelPhase second of its interval in which the sentinel probes; undefined without a sentinel. */
  constructor(private readonly sentinelPhase: number | undefined) {}

  live(phases: readonly Phase[]): readonly Moment[] {
    for (const phase of phases) {
      if (phase.operator) this.operate(phase.operator, phase.secondaryUp);
      for (let count = 0; count < phase.seconds; count++) this.tick(phase);
    }
    return this.history;
  }

  private operate(what: NonNullable<Phase["operator"]>, secondaryUp: boolean): void {
    if (!secondaryUp) return;
    const event = { by: "operator", at: "now", reason: "drill" };
    const change =
      what === "takeover"
        ? takeOver(this.item, event)
        : failBack(this.item, revisionOf(this.item), { what, ...event });
    if (change) this.item = changedItem("secondary", this.item, change);
  }

  private tick(phase: Phase): void {
    const { second } = this;
    const { primaryUp, secondaryUp, flooded } = phase;
    this.primary.tick(second, primaryUp);
    this.secondary.tick(second, secondaryUp);
    this.takeover.tick(second, secondaryUp && !flooded && this.item?.takeover === true);
    if (secondaryUp && this.sentinelPhase !== undefined && second % 10 === this.sentinelPhase)
      this.look(primaryUp);
    const serves = calculated([this.primary.healthy, this.takeover.healthy], 2);
    this.history.push({
      ...phase,
      second,
      answer: answering(serves, this.secondary.healthy),
      takenOver: this.item?.takeover === true,
      primaryHealthy: this.primary.healthy,
      secondaryHealthy: this.secondary.healthy,
    });
    this.second++;
  }

  /** Runs a round of the sentinel. Its region is healthy, and it runs, while the region is up. */
  private look(ok: boolean): void {
    const now = this.second * 1000;
    this.state = observed(this.state, { ok, now, item: this.item }, TIMING);
    const isServing = this.history.at(-SERVING_TTL)?.answer === "secondary";
    const why = takeoverReason({ state: this.state, item: this.item, isServing, now }, TIMING);
    const event =
      why === undefined ? undefined : takeOver(this.item, { by: "sentinel", at: "now", reason: why });
    if (event) this.item = changedItem("secondary", this.item, event);
  }
}
