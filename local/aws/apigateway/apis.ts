import type { Server, ServerResponse } from "node:http";
import { inputError } from "../inputs";
import { closeServer, listenInRegion } from "../listen";
import type { Regions } from "../regions";
import { arnOf } from "../resource";
import { gatewayResponse, type Api, type ApiSettings } from "./model";
import { handleRequest, type HandlerContext } from "./request-handler";
import { createHttpServer } from "./server";
import { targetOfApi } from "./targets";

/** An API with its server. */
interface ServedApi {
  readonly api: Api;
  readonly server: Server;
  readonly port: number;
  /** Requests without a response yet. */
  readonly pending: Set<ServerResponse>;
}

/** Time for requests to finish when their API is deleted, in milliseconds: the maximum of an integration, and some for the response. */
const DRAIN_MS = 35_000;

/** HTTP APIs of all regions, each with a server on 127.0.0.1. */
export class Apis {
  private readonly served = new Map<string, ServedApi>();
  private readonly servers = new Set<Server>();
  /** Usual port of each region, unless an API has it. */
  private readonly unusedPorts: Map<string, number>;

  /** @param usualPorts port of the first API of a region, by AWS code; 0 or absent for any. */
  constructor(
    private readonly regions: Regions,
    private readonly context: HandlerContext,
    private readonly usualPorts: Readonly<Record<string, number>> = {},
  ) {
    this.unusedPorts = new Map(Object.entries(usualPorts));
  }

  /**
   * Creates an API and starts its server, on the region's usual port unless another API has it.
   * @throws PortInUseError when another program uses the port; Error when the id is taken.
   */
  async add(id: string, region: string, settings: ApiSettings): Promise<Api> {
    if (this.served.has(id)) throw new Error(`ConflictException: the id ${id} of the API is taken.`);
    const executionArn = arnOf("execute-api", region, id);
    const parts = { integrations: new Map(), authorizers: new Map(), routes: new Map(), stages: new Map() };
    const api: Api = { id, region, executionArn, settings, ...parts };
    const pending = new Set<ServerResponse>();
    const server = createHttpServer((request, response) => {
      pending.add(response);
      response.once("close", () => pending.delete(response));
      const findTarget = (path: string) => targetOfApi(api, path) ?? gatewayResponse(404, "Not Found");
      void handleRequest(this.context, region, findTarget, request, response);
    });
    const port = await this.listen(server, region);
    this.served.set(id, { api, server, port, pending });
    return api;
  }

  /** Returns an API of a region, or undefined when there is none of this id. */
  find(region: string, id: string): Api | undefined {
    const api = this.served.get(id)?.api;
    return api?.region === region ? api : undefined;
  }

  /** Returns an API of a region. @throws Error when there is none of this id. */
  get(region: string, id: string): Api {
    const api = this.find(region, id);
    if (api) return api;
    throw inputError(
      "apiId",
      `NotFoundException: Invalid API identifier specified: there is no API ${JSON.stringify(id)} in ${region}.`,
    );
  }

  /** URL of the server of an API. */
  endpointOf({ id }: Api): string {
    return `http://127.0.0.1:${this.served.get(id)?.port}`;
  }

  /** Removes an API. Resolves when its requests have their responses and its port is free. */
  async remove({ id, region }: Api): Promise<void> {
    const served = this.served.get(id);
    if (!served) return;
    this.served.delete(id);
    for (const response of served.pending)
      if (!response.headersSent) response.setHeader("connection", "close");
    await closeServer(served.server, DRAIN_MS);
    this.servers.delete(served.server);
    if (served.port === this.usualPorts[region]) this.unusedPorts.set(region, served.port);
  }

  /** Stops every server with its connections. */
  async close(): Promise<void> {
    const closed = [...this.servers].map((server) => closeServer(server));
    this.servers.forEach((server) => server.closeAllConnections());
    await Promise.all(closed);
  }

  private async listen(server: Server, region: string): Promise<number> {
    const port = this.unusedPorts.get(region) ?? 0;
    this.unusedPorts.delete(region);
    const purpose = `the API of ${this.regions.byCode(region).name}`;
    try {
      const chosen = await listenInRegion(server, this.regions, region, { port, purpose });
      this.servers.add(server);
      return chosen;
    } catch (error) {
      this.unusedPorts.set(region, port);
      throw error;
    }
  }
}
