import type { InjectedRequest, InjectedResponse, FauxqsApp } from "./fauxqs-app";
import { allowSqsCharacters, FAUXQS_HOST, patchApp } from "./fauxqs-patches";
import { delayCounts } from "./late-counts";
import { importModule } from "../import-module";
import { closeServer, keepIdleConnections, listenInRegion } from "../listen";
import type { Regions } from "../regions";

/** A fauxqs server for each region, on which `LocalSqs` and `LocalS3` are built. Its state is in memory. */
export class LocalFauxqs {
  private constructor(private readonly running: ReadonlyMap<string, { app: FauxqsApp; url: string }>) {}

  /**
   * Starts a fauxqs server for each region on a loopback port. The server of a region that is down has no connections.
   * @param ports by AWS code of the region; 0 or undefined for any port.
   * @param countLagMs age of the counts of messages that SQS returns, in milliseconds.
   */
  static async start(
    regions: Regions,
    ports: Readonly<Record<string, number>> = {},
    countLagMs = 0,
  ): Promise<LocalFauxqs> {
    const { buildApp } = await importModule<FauxqsModule>("fauxqs");
    await allowSqsCharacters();
    const running = new Map<string, { app: FauxqsApp; url: string }>();
    for (const { code, name } of regions.all()) {
      const app = buildApp({ logger: false, host: FAUXQS_HOST, defaultRegion: code });
      patchApp(app, code);
      delayCounts(app, countLagMs);
      await app.ready();
      keepIdleConnections(app.server);
      const purpose = `SQS and S3 of ${name}`;
      const port = await listenInRegion(app.server, regions, code, { port: ports[code] ?? 0, purpose });
      running.set(code, { app, url: `http://127.0.0.1:${port}` });
    }
    return new LocalFauxqs(running);
  }

  /** Base URL of a region's SQS and S3, which check no credentials. @throws Error for an unknown region. */
  endpoint(region: string): string {
    return this.of(region).url;
  }

  /** Sends an in-process request to the fauxqs of a region. @throws Error for an unknown region. */
  async inject(region: string, request: InjectedRequest): Promise<InjectedResponse> {
    return this.of(region).app.inject(request);
  }

  async close(): Promise<void> {
    for (const { app } of this.running.values()) {
      await app.close();
      await closeServer(app.server);
    }
  }

  private of(region: string): { app: FauxqsApp; url: string } {
    const found = this.running.get(region);
    if (found) return found;
    const known = [...this.running.keys()].join(", ");
    throw new Error(`The local cloud has no SQS or S3 in ${region}; its regions are ${known}.`);
  }
}

type FauxqsModule = typeof import("fauxqs");
