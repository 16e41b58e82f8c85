import { EventEmitter } from "node:events";
import { effectsOf, type RegionState } from "./region-state";

export type { RegionState } from "./region-state";

/** One region of the local cloud. */
export interface LocalRegion {
  /** Region alias, such as `ireland`. */
  readonly name: string;
  /** AWS code, such as `eu-west-1`. */
  readonly code: string;
  /** Loopback address in place of the region's public address, such as `127.0.0.11`. */
  readonly address: string;
  /** Loopback address on which nothing listens, such as `127.0.0.101`; see `endpointAddresses`. */
  readonly deadAddress: string;
  /** Time of a round trip between a client and the region's API, in milliseconds. */
  readonly roundTripMs: number;
  readonly state: RegionState;
}

/** Returns the addresses that DNS returns for the endpoints of a region, in this order. */
export function endpointAddresses({ address, deadAddress, state }: LocalRegion): readonly string[] {
  return effectsOf(state).hasDeadAddress ? [deadAddress, address] : [address];
}

/** Regions of the local cloud and their states. Emits `change` with the changed region. */
export class Regions extends EventEmitter<{ change: [LocalRegion] }> {
  private readonly regions: { -readonly [K in keyof LocalRegion]: LocalRegion[K] }[];

  /**
   * @param regions alias and AWS code of each region, in the order of the program's configuration.
   * @param roundTrips round trips of clients by region alias, in milliseconds; 0 by default.
   */
  constructor(
    regions: readonly { name: string; code: string }[],
    roundTrips: Readonly<Record<string, number>> = {},
  ) {
    super();
    // Every server of a region is a listener, so their number has no limit.
    this.setMaxListeners(0);
    this.regions = regions.map(({ name, code }, index) => ({
      name,
      code,
      address: `127.0.0.${11 + index}`,
      deadAddress: `127.0.0.${101 + index}`,
      roundTripMs: roundTrips[name] ?? 0,
      state: "up" as const,
    }));
  }

  all(): readonly LocalRegion[] {
    return this.regions;
  }

  /** @throws Error when no region has this AWS code. */
  byCode(code: string): LocalRegion {
    return this.find((region) => region.code === code, code);
  }

  /** @throws Error when no region has this alias. */
  byName(name: string): LocalRegion {
    return this.find((region) => region.name === name, name);
  }

  /** Changes the state of a region and emits `change`, unless the region has that state already. */
  setState(name: string, state: RegionState): void {
    const region = this.find((candidate) => candidate.name === name, name);
    if (region.state === state) return;
    region.state = state;
    this.emit("change", region);
  }

  /**
   * Whether a call from one region to another succeeds.
   * @param from AWS code of the calling region; undefined for a client outside all regions.
   * @param to AWS code of the called region; any other code stands for a global service, which is always reachable.
   */
  reaches(from: string | undefined, to: string): boolean {
    const target = this.regions.find((region) => region.code === to);
    if (!target) return true;
    if (target.state === "down") return false;
    const source = this.regions.find((region) => region.code === from);
    if (!source || source === target) return true;
    return effectsOf(source.state).crossRegionCalls && effectsOf(target.state).crossRegionCalls;
  }

  /**
   * Whether a call from one region to another that is reached is answered.
   * @param from AWS code of the calling region.
   * @param to AWS code of the called region.
   */
  answers(from: string, to: string): boolean {
    if (from === to) return true;
    return !this.regions.some(
      ({ code, state }) => (code === from || code === to) && effectsOf(state).unanswered,
    );
  }

  private find(matches: (region: LocalRegion) => boolean, wanted: string): (typeof this.regions)[number] {
    const region = this.regions.find(matches);
    if (!region) {
      const known = this.regions.map(({ name, code }) => `${name} (${code})`).join(", ");
      throw new Error(`There is no region ${JSON.stringify(wanted)}; the regions are ${known}.`);
    }
    return region;
  }
}
