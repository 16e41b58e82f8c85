import assert from "node:assert/strict";
import type { MetricData } from "../../../functions/shared/metrics";
import type { Roles } from "../../../functions/sentinel/role-lookup";
import type { ProbeResult } from "../../../functions/sentinel/health-probe";
import { SentinelState, sentinelTiming } from "../../../functions/sentinel/sentinel-state";
import type { UnreadableItem } from "../../../functions/shared/stored-item";
import type { SentinelTable } from "../../../functions/sentinel/sentinel-table";
import { SentinelContext, watch } from "../../../functions/sentinel/watch";
import { IRELAND, NOW, SINGAPORE } from "../../../testing/tickets";
import { MemoryRouting } from "../routing/memory-routing";

const OWN = { name: "singapore", code: SINGAPORE };
const OTHER = { name: "ireland", code: IRELAND };

/** Singapore, its sentinel, and a clock that advances only while the sentinel sleeps. */
export class SentinelWorld implements SentinelTable {
  now = NOW;
  roles: Roles = { primary: "ireland", serving: "ireland" };
  readonly routing = new MemoryRouting();
  /** State of an earlier invocation that found the other region healthy; undefined before the first invocation. */
  state: SentinelState | undefined = { id: "sentinel", runner: "earlier", failures: 0, wellRevision: 0 };
  metrics: MetricData[] = [];
  /** Result of a probe of a region at a time, in seconds after the start. */
  probe: (name: string, second: number) => ProbeResult = () => ({ ok: true });
  probed: string[] = [];

  /** Time of the takeover, in milliseconds since 1970. */
  takenAt(): number | undefined {
    const { item } = this.routing;
    return item?.takeover ? Date.parse(item.at) : undefined;
  }

  /** Malformed item that is stored instead of a state. */
  unreadable: UnreadableItem | undefined;

  async replace(state: SentinelState): Promise<void> {
    this.unreadable = undefined;
    this.state = state;
  }

  async read(): Promise<SentinelState | undefined> {
    if (this.unreadable) throw this.unreadable;
    return this.state;
  }

  async write(state: SentinelState, before: string | undefined): Promise<boolean> {
    if (this.state?.runner !== before) return false;
    this.state = state;
    return true;
  }

  /** Runs one invocation. If `endsAfter` is given, another one starts after that many seconds. */
  async run(runner: string, endsAfter?: number): Promise<void> {
    const until = endsAfter === undefined ? Infinity : NOW + endsAfter * 1000;
    await watch(this.context(runner, until));
  }

  /** Runs one invocation that is killed at a call, counted from 0. @returns whether it reached that call. */
  async runUntilKilled(runner: string, at: number, moment: "before" | "after"): Promise<boolean> {
    let calls = 0;
    const killing =
      <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
      async (...args: A): Promise<R> => {
        const number = calls++;
        if (number > at || (number === at && moment === "before")) throw new Error("killed");
        const result = await call(...args);
        if (number === at) throw new Error("killed");
        return result;
      };
    const { routing, states, prober, ...rest } = this.context(runner, Infinity);
    await watch({
      ...rest,
      routing: {
        read: killing(() => routing.read()),
        write: killing((item) => routing.write(item)),
        replace: killing((item, unreadable) => routing.replace(item, unreadable)),
      },
      states: {
        read: killing(() => states.read()),
        write: killing((state, before) => states.write(state, before)),
        replace: killing((state) => states.replace(state)),
      },
      prober: { roles: killing(() => prober.roles()), probe: killing((region) => prober.probe(region)) },
    }).catch((error: Error) => assert.equal(error.message, "killed"));
    return calls > at;
  }

  private context(runner: string, until: number): SentinelContext {
    return {
      own: OWN,
      other: OTHER,
      timing: sentinelTiming(30),
      runner,
      routing: this.routing,
      states: this,
      prober: {
        roles: async () => this.roles,
        probe: async ({ name }) => {
          this.probed.push(name);
          return this.probe(name, (this.now - NOW) / 1000);
        },
      },
      clock: {
        now: () => this.now,
        sleep: async (milliseconds) => {
          this.now += milliseconds;
          if (this.now >= until && this.state) this.state = { ...this.state, runner: "another" };
        },
      },
      reporter: { write: (data) => this.metrics.push(data), functionName: "sentinel" },
    };
  }
}
