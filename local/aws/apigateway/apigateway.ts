import { EventEmitter } from "node:events";
import type { Server as TlsServer } from "node:https";
import type { Socket } from "node:net";
import { closeServer } from "../listen";
import type { Log } from "../log";
import type { Regions } from "../regions";
import type { LocalService } from "../resource";
import { apiHandler } from "./api-resource";
import { Apis } from "./apis";
import { authorizerHandler } from "./authorizer-resource";
import { CustomDomains } from "./custom-domains";
import { domainArn, domainHandler } from "./domain-resource";
import { integrationHandler } from "./integration-resource";
import { mappingHandler } from "./mapping-resource";
import type { AliasRegistry, CertificateStore, FunctionInvoker, LogDelivery, ServedRequest } from "./model";
import type { HandlerContext } from "./request-handler";
import { routeHandler } from "./route-resource";
import { listenOnEveryRegion, trackSockets } from "./server";
import { SigningKeys } from "./signing-keys";
import { stageHandler } from "./stage-resource";

/** Dependencies and settings of {@link LocalApiGateway}. */
export interface LocalApiGatewayOptions {
  readonly regions: Regions;
  readonly lambda: FunctionInvoker;
  readonly acm: CertificateStore;
  readonly route53: AliasRegistry;
  readonly logDelivery: LogDelivery;
  readonly log: Log;
  /** Port of the custom domains, the same on every region's address; 0 chooses one. */
  readonly httpsPort: number;
  /** Other addresses that will use the same port; a port that is chosen here is also free on them. */
  readonly httpsPortAlsoOn?: readonly string[];
  /** Port of the first API of a region, by AWS code; 0 or undefined chooses one. */
  readonly apiPorts?: Readonly<Record<string, number>>;
  /**
   * Whether API Gateway's own responses, such as a 429, have no CORS headers; false by default. AWS documents CORS headers for the
   * responses of integrations and for preflight requests, and says nothing about its own responses:
   * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html. Clients report responses without them, such as in
   * https://github.com/aws/serverless-application-model/issues/840 (of a REST API).
   */
  readonly ownResponsesLackCors?: boolean;
  /** Now, in milliseconds since 1970, for the times in tokens. */
  readonly clock?: () => number;
}

/**
 * Emulation of API Gateway's HTTP APIs: an HTTP server on 127.0.0.1 for each API, and an HTTPS server on each region's address for
 * its custom domains. Emits `request` after each response.
 */
export class LocalApiGateway extends EventEmitter<{ request: [ServedRequest] }> implements LocalService {
  readonly resourceHandlers: LocalService["resourceHandlers"];

  private readonly context: HandlerContext;
  private readonly apis: Apis;
  private readonly domains: CustomDomains;
  private readonly domainServers: TlsServer[] = [];
  private readonly sockets = new Set<Socket>();
  private chosenHttpsPort = 0;

  private constructor(options: LocalApiGatewayOptions) {
    super();
    const {
      acm,
      route53,
      lambda,
      regions,
      log,
      logDelivery,
      apiPorts,
      ownResponsesLackCors = false,
      clock = Date.now,
    } = options;
    const served = (request: ServedRequest): boolean => this.emit("request", request);
    const keys = new SigningKeys(clock);
    this.context = { lambda, regions, log, served, ownResponsesLackCors, keys, clock };
    const apis = (this.apis = new Apis(regions, this.context, apiPorts));
    const domains = (this.domains = new CustomDomains(acm));
    this.resourceHandlers = {
      "aws:apigatewayv2/api:Api": apiHandler(apis, domains),
      "aws:apigatewayv2/integration:Integration": integrationHandler(apis),
      "aws:apigatewayv2/authorizer:Authorizer": authorizerHandler(apis),
      "aws:apigatewayv2/route:Route": routeHandler(apis),
      "aws:apigatewayv2/stage:Stage": stageHandler(apis, domains, logDelivery),
      "aws:apigatewayv2/domainName:DomainName": domainHandler({ domains, acm, route53 }),
      "aws:apigatewayv2/apiMapping:ApiMapping": mappingHandler(apis, domains),
    };
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
    gateway.domainServers.push(...servers);
    return gateway;
  }

  /** Port of the custom domains on every region's address. */
  get httpsPort(): number {
    return this.chosenHttpsPort;
  }

  /** Returns the ARNs of the custom domains that use a certificate. */
  certificateUsers(certificateArn: string): string[] {
    return this.domains.using(certificateArn).map(domainArn);
  }

  async close(): Promise<void> {
    const closed = this.domainServers.map((server) => closeServer(server));
    this.sockets.forEach((socket) => socket.destroy());
    await Promise.all([...closed, this.apis.close()]);
  }
}
