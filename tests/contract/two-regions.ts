import { isDeepStrictEqual } from "node:util";
import { RunningCloud } from "../../testing/running-cloud";
import { waitFor } from "../support/wait-for";
import { HttpClient } from "./http-client";
import { TableAccess } from "./table-access";

/** Region of a running local cloud, with its API and its tables. */
export interface RegionUnderTest {
  /** AWS region code. */
  readonly code: string;
  readonly api: HttpClient;
  readonly tables: TableAccess;
}

/** Both regions of a local cloud in its own process. */
export class TwoRegions {
  private constructor(
    readonly cloud: RunningCloud,
    readonly regions: readonly RegionUnderTest[],
  ) {}

  static async start(): Promise<TwoRegions> {
    const cloud = await RunningCloud.start("--speed", "10");
    const regions = Object.values(cloud.addresses.regions).map((addresses) => ({
      code: addresses.code,
      api: new HttpClient(addresses.api),
      tables: new TableAccess(addresses),
    }));
    return new TwoRegions(cloud, regions);
  }

  /** Waits until both tables hold the same tickets and tombstones. */
  async converge(): Promise<void> {
    const [one, other] = this.regions;
    const areEqual = async (): Promise<boolean> =>
      isDeepStrictEqual(await one.tables.tickets(), await other.tables.tickets());
    await waitFor(areEqual, { what: "the same tickets in both regions", withinMs: 60_000 });
  }

  /** Stops the local cloud and returns its exit code. */
  async stop(): Promise<number | null> {
    for (const { api, tables } of this.regions) {
      api.close();
      tables.close();
    }
    return this.cloud.stop();
  }
}
