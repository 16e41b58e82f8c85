import { Agent, createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import {
  databaseDelayMs,
  databaseFault,
  discardResponse,
  InFlightCalls,
  isLeftUnanswered,
} from "./region-effects";
import { DynamoDBPermissions } from "./dynamodb-permissions";
import type { InProcessHandler } from "../dynamodb/dynamodb";
import {
  sendServiceError,
  unknownCredentials,
  type ServiceName,
  notMapped,
  ServiceError,
} from "./service-errors";
import { KeySchemas, NetworkError } from "./hash-keys";
import { authorizeCall, type AuthorizationPolicies } from "./authorization";
import { KeptConnections } from "./kept-connections";
import {
  credentialScopeOf,
  readAll,
  serviceOf,
  targetOperation,
  type AwsRequest,
  type PermissionMapper,
} from "./aws-request";
import { S3Permissions } from "./s3-permissions";
import { SqsPermissions } from "./sqs-permissions";
import { STREAMS_TARGET, StreamsPermissions } from "./streams-permissions";
import type { LocalIam } from "../iam/iam";
import { closeServer, keepIdleConnections, listen } from "../listen";
import type { Log } from "../log";
import type { Regions, RegionState } from "../regions";
import { changeWholeBody, proxyRequest, type ProxyOptions } from "../reverse-proxy";

/** Maximum size in bytes of a body that is read to check permissions. DynamoDB's largest request, a batch, has 16 MiB. */
const BODY_LIMIT = 20 * 1024 * 1024;

/**
 * AWS endpoint (AWS_ENDPOINT_URL) of all functions. The credential scope of the signature names service and region, the
 * access key identifies the caller; signatures are not verified. A call is forwarded if the caller's region reaches the
 * called region and the caller's role allows every action that the call requires.
 */
export class AwsEndpoint {
  private readonly server = createServer((request, response) => void this.handle(request, response));
  private readonly agent = new Agent({ keepAlive: true });
  private readonly upstreams = new Map<string, string>();
  private readonly inProcessHandlers = new Map<string, InProcessHandler>();
  private readonly inFlightCalls: InFlightCalls;
  private readonly connections: KeptConnections;
  private readonly schemas = new KeySchemas((region) => this.upstreamOf("dynamodb", region));
  private readonly streams = new StreamsPermissions(this.schemas);
  private readonly mappers: Readonly<Record<ServiceName, PermissionMapper>>;

  constructor(
    private readonly options: {
      readonly iam: Pick<LocalIam, "principalOf" | "authorize">;
      readonly regions: Regions;
      /** Returns the id of the item that a region's health check writes; these writes succeed in each state in which others do not. */
      readonly healthItem: (region: string) => string;
      /** Returns the ARN of the customer managed key of KMS that encrypts a queue or a bucket; undefined without one. */
      readonly kmsKeyOf: (resourceArn: string) => string | undefined;
      readonly resourcePolicyOf: AuthorizationPolicies["resourcePolicyOf"];
      /** Time after which a connection of an earlier invocation is dead, in milliseconds; 10,000 by default. */
      readonly idleConnectionMs?: number;
      readonly log: Log;
    },
  ) {
    const { kmsKeyOf, idleConnectionMs } = options;
    this.connections = new KeptConnections(idleConnectionMs);
    this.mappers = {
      dynamodb: new DynamoDBPermissions(this.schemas),
      sqs: new SqsPermissions(kmsKeyOf),
      s3: new S3Permissions(kmsKeyOf),
    };
    this.inFlightCalls = new InFlightCalls(options.regions);
    keepIdleConnections(this.server);
  }

  /**
   * Starts to listen on 127.0.0.1.
   * @param port 0 for any.
   * @returns the URL for AWS_ENDPOINT_URL, without a slash at the end.
   */
  async start(port: number): Promise<string> {
    const actual = await listen(this.server, { port, purpose: "the AWS endpoint of the functions" });
    return `http://127.0.0.1:${actual}`;
  }

  /**
   * Registers the server of a service in a region. The server itself checks no permissions.
   * @param inProcess handler of the same server that bypasses the network, which takes most of the time of a call.
   */
  register(service: ServiceName, region: string, upstreamUrl: string, inProcess?: InProcessHandler): void {
    this.upstreams.set(`${service}/${region}`, upstreamUrl);
    if (inProcess) this.inProcessHandlers.set(`${service}/${region}`, inProcess);
  }

  async close(): Promise<void> {
    this.inFlightCalls.close();
    await closeServer(this.server);
    this.agent.destroy();
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.connections.isDead(request, response)) return void request.socket.resetAndDestroy();
    const [path, query = ""] = (request.url as string).split(/\?(.*)/s);
    const parameters = new URLSearchParams(query);
    const scope = credentialScopeOf(request.headers, parameters);
    const service = serviceOf(scope?.service, request);
    try {
      const principal = scope && this.options.iam.principalOf(scope.accessKeyId);
      if (!scope || !principal) throw unknownCredentials(service, request.headers);
      if (!this.options.regions.reaches(principal.region, scope.region)) return void request.socket.destroy();
      this.inFlightCalls.add({ from: principal.region, to: scope.region, request, response });
      // The caller waits until its own time limit.
      if (!this.options.regions.answers(principal.region, scope.region)) return;
      if (scope.service !== service) throw notMapped(`the service ${scope.service}`);
      const { method, headers } = request;
      const unread = {
        method: method as string,
        path,
        query: parameters,
        headers,
        scope,
        body: Buffer.alloc(0),
      };
      const mapper = this.mapperOf(service, unread);
      const body = mapper.readsBody(unread) ? await readAll(request, BODY_LIMIT) : undefined;
      const call: AwsRequest = body ? { ...unread, body } : unread;
      await authorizeCall(this.options, service, principal, call, mapper);
      await this.applyRegionState(call, response);
      const upstream = this.upstreamOf(service, scope.region);
      if (request.socket.destroyed) return;
      const observe = mapper.observerOf?.(call);
      const handle = this.inProcessHandlers.get(`${service}/${scope.region}`);
      if (handle && body && !observe) handle(request, response, body);
      else
        await this.forward(request, response, upstream, {
          body,
          changeResponse: observe && observing(observe),
        });
    } catch (error) {
      this.sendError(request, response, service, error);
    }
  }

  /** Forwards a call. Drops the caller's connection, as a network would, if the service is unreachable or closes the connection. */
  private async forward(
    request: IncomingMessage,
    response: ServerResponse,
    service: string,
    options: Omit<ProxyOptions, "upstream">,
  ): Promise<void> {
    const { hostname, port } = new URL(service);
    const headers = { ...request.headers };
    // A compressed response cannot be observed.
    if (options.changeResponse) delete headers["accept-encoding"];
    const upstream = { agent: this.agent, hostname, port, path: request.url, headers };
    await proxyRequest(request, response, { ...options, upstream }).catch(() => request.socket.destroy());
  }

  /** Delays or rejects a call, or discards its response, as the state of its region requires. @throws ServiceError if it is rejected. */
  private async applyRegionState(call: AwsRequest, response: ServerResponse): Promise<void> {
    const { regions, healthItem } = this.options;
    const stateNow = (): RegionState =>
      regions.all().find(({ code }) => code === call.scope.region)?.state ?? "up";
    const delayMs = databaseDelayMs(call, stateNow());
    if (delayMs > 0) await delay(delayMs, undefined, { ref: false });
    const item = healthItem(call.scope.region);
    const fault = databaseFault(call, stateNow(), item);
    if (fault) throw fault;
    if (isLeftUnanswered(call, stateNow(), item)) discardResponse(response);
  }

  private sendError(
    request: IncomingMessage,
    response: ServerResponse,
    service: ServiceName,
    error: unknown,
  ): void {
    const isDropped = request.socket.destroyed || response.headersSent || error instanceof NetworkError;
    if (isDropped) return void request.socket.destroy();
    const serviceError =
      error instanceof ServiceError
        ? error
        : new ServiceError(
            403,
            "AccessDeniedException",
            `The permissions of the call cannot be evaluated. ${(error as Error).message}`,
          );
    if (serviceError.code.startsWith("AccessDenied")) this.options.log("iam", serviceError.message);
    sendServiceError(request, response, service, serviceError);
  }

  private mapperOf(service: ServiceName, request: AwsRequest): PermissionMapper {
    const isStreams = service === "dynamodb" && targetOperation(request, STREAMS_TARGET) !== undefined;
    return isStreams ? this.streams : this.mappers[service];
  }

  private upstreamOf(service: ServiceName, region: string): string {
    const upstream = this.upstreams.get(`${service}/${region}`);
    if (upstream !== undefined) return upstream;
    throw new ServiceError(
      400,
      "UnknownEndpoint",
      `The local cloud has no ${service} in the region ${region}.`,
    );
  }
}

/** Leaves a response unchanged and passes the body of a successful one to the observer before the caller receives it. */
function observing(observe: (body: Buffer) => void): ProxyOptions["changeResponse"] {
  return (headers, status) => ({
    headers,
    body: changeWholeBody((body) => {
      if (status === 200) observe(body);
      return body;
    }),
  });
}
