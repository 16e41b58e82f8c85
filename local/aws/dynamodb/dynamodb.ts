import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import { makePrivateDirectory } from "../private-files";
import { closeServer, keepIdleConnections, listenInRegion } from "../listen";
import type { Log } from "../log";
import type { Regions } from "../regions";
import type { LocalService } from "../resource";
import { Forwarder } from "./forwarder";
import { serveRequest } from "./protocol";
import { RegionDatabase } from "./region-database";
import { StreamChanges } from "./streams/stream-changes";
import { Sweeper, type TimeToLiveOptions } from "./sweeper";
import { tableHandler } from "./table-resource/table-handler";

/** Options of {@link LocalDynamoDB.start}. */
export interface DynamoDBOptions {
  readonly regions: Regions;
  /** Directory that keeps tables, items and streams across restarts, with a folder per region; in memory if absent. */
  readonly directory?: string;
  /** URL of an external DynamoDB with Streams that serves all regions instead of the built-in one. */
  readonly endpointUrl?: string;
  /** Port of each region's endpoint by AWS code; 0 (any) by default. */
  readonly ports?: Readonly<Record<string, number>>;
  readonly timeToLive?: TimeToLiveOptions;
  /** Milliseconds after which queries of global secondary indexes see a write of the built-in DynamoDB; 0 by default. */
  readonly indexDelayMs?: number;
  /** Number of shards of a new stream; 1 by default. On AWS a new on-demand table has about four partitions, each with a shard. */
  readonly shards?: number;
  /** Clock for stream records, write units and the delay of indexes, in milliseconds since the epoch; `Date.now` by default. */
  readonly now?: () => number;
  readonly log?: Log;
}

interface RegionEndpoint {
  readonly url: string;
  /** Handles requests of this process without the network; absent for an external DynamoDB. */
  readonly handle?: InProcessHandler;
  close(): Promise<void>;
}

/** Handles a request whose body has been read. */
export type InProcessHandler = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** DynamoDB and DynamoDB Streams in every region. */
export class LocalDynamoDB implements LocalService {
  readonly resourceHandlers: LocalService["resourceHandlers"];
  /** Changes of the streams; undefined for an external DynamoDB. */
  readonly streamChanges: StreamChanges | undefined;
  private readonly endpoints = new Map<string, RegionEndpoint>();

  private constructor(private readonly options: DynamoDBOptions) {
    const isExternal = options.endpointUrl !== undefined;
    this.streamChanges = isExternal ? undefined : new StreamChanges();
    this.resourceHandlers = {
      "aws:dynamodb/table:Table": tableHandler({
        endpoint: (region) => this.endpoint(region),
        isPersistent: isExternal || options.directory !== undefined,
        isExternal,
        log: options.log ?? (() => undefined),
      }),
    };
  }

  /**
   * Starts an endpoint for each region.
   * @throws Error if a port or the data folder is in use, or nothing responds at `endpointUrl`.
   */
  static async start(options: DynamoDBOptions): Promise<LocalDynamoDB> {
    const service = new LocalDynamoDB(options);
    try {
      for (const { code } of options.regions.all())
        service.endpoints.set(code, await service.startEndpoint(code));
    } catch (error) {
      await service.close();
      throw error;
    }
    return service;
  }

  /** URL of a region's DynamoDB and Streams API. @throws Error if there is no such region. */
  endpoint(region: string): string {
    const endpoint = this.endpoints.get(this.options.regions.byCode(region).code);
    if (!endpoint) throw new Error(`The DynamoDB of ${region} is not running.`);
    return endpoint.url;
  }

  /** Handler of a region's requests that bypasses the network; undefined for an external DynamoDB. */
  inProcessHandler(region: string): InProcessHandler | undefined {
    return this.endpoints.get(region)?.handle;
  }

  async close(): Promise<void> {
    await Promise.all([...this.endpoints.values()].map((endpoint) => endpoint.close()));
    this.endpoints.clear();
  }

  private startEndpoint(region: string): Promise<RegionEndpoint> {
    const { endpointUrl } = this.options;
    return endpointUrl === undefined ? this.startDatabase(region) : this.startForwarder(region, endpointUrl);
  }

  private async startDatabase(region: string): Promise<RegionEndpoint> {
    const {
      directory,
      regions,
      timeToLive,
      indexDelayMs = 0,
      shards = 1,
      now = Date.now,
      log = () => undefined,
    } = this.options;
    const path = directory === undefined ? undefined : join(directory, region);
    if (path !== undefined) makePrivateDirectory(path);
    const { streamChanges } = this;
    const database = await RegionDatabase.open(region, path, now, { indexDelayMs, shards, streamChanges });
    const isUp = (): boolean => regions.reaches(undefined, region);
    const sweeper = new Sweeper(database.context, isUp, log, timeToLive);
    const handle = (request: IncomingMessage, response: ServerResponse, body?: Buffer): Promise<void> =>
      serveRequest(request, response, (target, json) => database.handle(target, json), log, body);
    const endpoint = await this.listen(
      region,
      (request, response) => handle(request, response),
      async () => {
        await sweeper.close();
        await database.close();
      },
    );
    return { ...endpoint, handle: (request, response, body) => void handle(request, response, body) };
  }

  private async startForwarder(region: string, endpointUrl: string): Promise<RegionEndpoint> {
    const forwarder = new Forwarder(parseUrl(endpointUrl), region);
    const stop = async (): Promise<void> => forwarder.close();
    await forwarder.probe().catch(async (error: Error) => {
      await stop();
      throw error;
    });
    return this.listen(region, (request, response) => forwarder.serve(request, response), stop);
  }

  private async listen(region: string, handler: Handler, stop: () => Promise<void>): Promise<RegionEndpoint> {
    const { regions, ports } = this.options;
    const server: Server = createServer((request, response) => void handler(request, response));
    keepIdleConnections(server);
    const close = async (): Promise<void> => {
      await closeServer(server);
      await stop();
    };
    try {
      const purpose = `DynamoDB in ${region}`;
      const port = await listenInRegion(server, regions, region, { port: ports?.[region] ?? 0, purpose });
      return { url: `http://127.0.0.1:${port}`, close };
    } catch (error) {
      await close();
      throw error;
    }
  }
}

function parseUrl(text: string): URL {
  try {
    const url = new URL(text);
    if (url.protocol === "http:" || url.protocol === "https:") return url;
  } catch {
    // Rejected below, like every other text that is not an HTTP URL.
  }
  throw new Error(
    `--dynamodb-endpoint ${JSON.stringify(text)} is not an HTTP URL; use a URL such as http://127.0.0.1:8000`,
  );
}
