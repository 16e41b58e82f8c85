import { EventEmitter } from "node:events";
import type { Server } from "node:http";
import type { Server as TlsServer } from "node:https";
import type { Socket } from "node:net";
import { idOf, inputError } from "../inputs";
import { closeServer, listenInRegion } from "../listen";
import type { Log } from "../log";
import type { Regions } from "../regions";
import { arnOf, DeclaredResource, LocalService, CreatedResource, createOnly } from "../resource";
import { apiOutputs, readApi, readStage, stageOutputs } from "./api-resources";
import { CustomDomains } from "./custom-domains";
import { addApiMapping, domainOutputs, readDomain } from "./domain-resources";
import {
  gatewayResponse,
  type AliasRegistry,
  type Api,
  type CertificateStore,
  type FunctionInvoker,
  type ServedRequest,
} from "./model";
import { handleRequest, type HandlerContext } from "./request-handler";
import { readIntegration, readRoute } from "./route-resources";
import { createHttpServer, listenOnEveryRegion, trackSockets } from "./server";
import { targetOfApi } from "./targets";

/** Dependencies and settings of {@link LocalApiGateway}. */
export interface LocalApiGatewayOptions {
  readonly regions: Regions;
  readonly lambda: FunctionInvoker;
  readonly acm: CertificateStore;
  readonly route53: AliasRegistry;
  readonly log: Log;
  /** Port of the custom domains, the same on every region's address; 0 chooses one. */
  readonly httpsPort: number;
  /** Other addresses that will use the same port; a port that is chosen here is also free on them. */
  readonly httpsPortAlsoOn?: readonly string[];
  /** Port of the first API of a region, by AWS code; 0 or undefined chooses one. */
  readonly apiPorts?: Readonly<Record<string, number>>;
}

/**
 * Emulation of API Gateway's HTTP APIs: an HTTP server on 127.0.0.1 for each API, and an HTTPS server on each region's address for
 * its custom domains. Emits `request` after each response.
 */
export class LocalApiGateway extends EventEmitter<{ request: [ServedRequest] }> implements LocalService {
  readonly resourceHandlers: LocalService["resourceHandlers"] = createOnly({
    "aws:apigatewayv2/api:Api": (resource) => this.createApi(resource),
    "aws:apigatewayv2/integration:Integration": async (resource) => this.createIntegration(resource),
    "aws:apigatewayv2/route:Route": async (resource) => this.createRoute(resource),
    "aws:apigatewayv2/stage:Stage": async (resource) => this.createStage(resource),
    "aws:apigatewayv2/domainName:DomainName": async (resource) => this.createDomainName(resource),
    "aws:apigatewayv2/apiMapping:ApiMapping": async (resource) => this.createApiMapping(resource),
  });

  private readonly apis = new Map<string, { readonly api: Api; readonly endpoint: string }>();
  private readonly domains: CustomDomains;
  private readonly servers: (Server | TlsServer)[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly unusedApiPorts: Map<string, number>;
  private readonly context: HandlerContext;
  private chosenHttpsPort = 0;

  private constructor(private readonly options: LocalApiGatewayOptions) {
    super();
    this.domains = new CustomDomains(options.acm);
    this.unusedApiPorts = new Map(Object.entries(options.apiPorts ?? {}));
    const { lambda, regions, log } = options;
    this.context = { lambda, regions, log, served: (request) => this.emit("request", request) };
  }

  /**
   * Starts the HTTPS server of every region. The HTTP servers start when their APIs are created.
   * @throws PortInUseError that names the port and its purpose.
   */
  static async start(options: LocalApiGatewayOptions): Promise<LocalApiGateway> {
    const gateway = new LocalApiGateway(options);
    const { port, servers } = await listenOnEveryRegion(
      options.regions,
      options.httpsPort,
      (code) => trackSockets(gateway.domains.createServer(code, gateway.context), gateway.sockets),
      (code) => gateway.domains.namesIn(code),
      options.httpsPortAlsoOn,
    );
    gateway.chosenHttpsPort = port;
    gateway.servers.push(...servers);
    return gateway;
  }

  /** Port of the custom domains on every region's address. */
  get httpsPort(): number {
    return this.chosenHttpsPort;
  }

  /** Returns the ARNs of the custom domains that use a certificate. */
  certificateUsers(certificateArn: string): string[] {
    const domains = this.domains.using(certificateArn);
    return domains.map(({ name, region }) => arnOf("apigateway", region, `/domainnames/${name}`));
  }

  async close(): Promise<void> {
    const closed = this.servers.map((server) => closeServer(server));
    this.sockets.forEach((socket) => socket.destroy());
    await Promise.all(closed);
  }

  private async createApi(resource: DeclaredResource): Promise<CreatedResource> {
    const api = readApi(resource);
    const { region } = api;
    const server = createHttpServer((request, response) => {
      const findTarget = (path: string) => targetOfApi(api, path) ?? gatewayResponse(404, "Not Found");
      void handleRequest(this.context, region, findTarget, request, response);
    });
    this.servers.push(server);
    const port = this.unusedApiPorts.get(region) ?? 0;
    this.unusedApiPorts.delete(region);
    const { regions } = this.options;
    const purpose = `the API of ${regions.byCode(region).name}`;
    const endpoint = `http://127.0.0.1:${await listenInRegion(server, regions, region, { port, purpose })}`;
    this.apis.set(api.id, { api, endpoint });
    return apiOutputs(resource, api, endpoint);
  }

  private createIntegration(resource: DeclaredResource): CreatedResource {
    const integration = readIntegration(resource);
    this.apiOf(resource).api.integrations.set(integration.id, integration);
    return {
      id: integration.id,
      outputs: {
        timeoutMilliseconds: integration.timeoutMs,
        connectionType: "INTERNET",
        region: resource.region,
      },
    };
  }

  private createRoute(resource: DeclaredResource): CreatedResource {
    const { api } = this.apiOf(resource);
    api.routes.push(readRoute(resource, api));
    return { id: idOf(resource, 7), outputs: { authorizationType: "NONE", region: resource.region } };
  }

  private createStage(resource: DeclaredResource): CreatedResource {
    const { api, endpoint } = this.apiOf(resource);
    const stage = readStage(resource);
    if (api.stages.has(stage.name))
      throw inputError("name", `the API already has a stage ${JSON.stringify(stage.name)}.`);
    api.stages.set(stage.name, stage);
    return stageOutputs(stage, api, endpoint);
  }

  private createDomainName(resource: DeclaredResource): CreatedResource {
    const domain = readDomain(resource, this.options.acm);
    if (!this.domains.add(domain))
      throw inputError("domainName", `${domain.name} is already a custom domain of ${domain.region}.`);
    const created = domainOutputs(resource, domain);
    const { targetDomainName, hostedZoneId } = created.outputs.domainNameConfiguration as Record<
      string,
      string
    >;
    this.options.route53.registerAliasTarget({
      name: targetDomainName,
      zoneId: hostedZoneId,
      region: domain.region,
    });
    return created;
  }

  private createApiMapping(resource: DeclaredResource): CreatedResource {
    const { api } = this.apiOf(resource);
    return addApiMapping(
      resource,
      api,
      this.domains.find(resource.region, String(resource.inputs.domainName)),
    );
  }

  private apiOf(resource: DeclaredResource): { readonly api: Api; readonly endpoint: string } {
    const found = this.apis.get(resource.inputs.apiId);
    if (found?.api.region === resource.region) return found;
    throw inputError(
      "apiId",
      `there is no API ${JSON.stringify(resource.inputs.apiId)} in ${resource.region}.`,
    );
  }
}
