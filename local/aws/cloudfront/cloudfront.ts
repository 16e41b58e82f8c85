import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Server as TlsServer } from "node:https";
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { createSecureContext, type SecureContext } from "node:tls";
import type { KeyPair } from "../acm/certificate-authority";
import { createHttpsServer, trackSockets } from "../apigateway/server";
import type { CertificateStore } from "../apigateway/model";
import { closeServer, listen } from "../listen";
import { nameOfHost } from "../allowed-hosts";
import type { Log } from "../log";
import type { LocalService } from "../resource";
import type { LocalS3 } from "../s3/s3";
import { createDefaultCertificate } from "./default-certificate";
import { distributionHandler, type EndpointRegistry } from "./distribution-resource";
import { Distributions, namesOf } from "./distributions";
import { Edge } from "./edge";
import { EDGE_ADDRESS, type Distribution } from "./model";
import { errorResponse } from "./origins";
import { CACHE_POLICY, ORIGIN_ACCESS_CONTROL, RESPONSE_HEADERS_POLICY } from "./policies";
import { SharedResources } from "./shared-resource";

/** Dependencies and settings of {@link LocalCloudFront}. */
export interface LocalCloudFrontOptions {
  readonly s3: Pick<LocalS3, "get" | "bucketAt">;
  readonly acm: CertificateStore;
  readonly route53: EndpointRegistry;
  readonly log: Log;
  /** Port in place of 443 on the edge's address; 0 chooses one. */
  readonly httpsPort: number;
  /** Port in place of 80 on the edge's address; 0 chooses one. */
  readonly httpPort: number;
  /** Time that the deployment of a change of a distribution takes, in seconds; 0 by default. On AWS it takes minutes. */
  readonly deploymentSeconds?: number;
  /** Length of a second of deployments, timeouts of origins and the caching of errors, in milliseconds; 1000 by default. */
  readonly secondMs?: number;
}

/**
 * Emulation of CloudFront: one edge with an address of its own. It belongs to no region, so it stays up while a region is down. It
 * requests objects from the buckets of the distribution's origin group in their order.
 */
export class LocalCloudFront implements LocalService {
  readonly resourceHandlers: LocalService["resourceHandlers"];

  private readonly distributions = new Distributions();
  /** TLS contexts by key pair. */
  private readonly contexts = new WeakMap<object, SecureContext>();
  private readonly sockets = new Set<Socket>();
  private readonly tlsServer: TlsServer;
  private readonly plainServer: Server;
  private ports = { https: 0, http: 0 };

  private constructor(
    private readonly options: LocalCloudFrontOptions,
    private readonly ownCertificate: KeyPair,
  ) {
    const secure = createHttpsServer(
      (serverName) => this.contextOf(serverName),
      (request, response) => this.handle(request, response, true),
    );
    const plain = createServer((request, response) => this.handle(request, response, false));
    this.tlsServer = trackSockets(secure, this.sockets);
    this.plainServer = trackSockets(plain, this.sockets);
    this.resourceHandlers = this.createHandlers();
  }

  /** Starts the edge. @throws Error when a port is in use, or the edge's address does not exist on this machine. */
  static async start(options: LocalCloudFrontOptions): Promise<LocalCloudFront> {
    const cloudFront = new LocalCloudFront(options, await createDefaultCertificate());
    const { tlsServer, plainServer } = cloudFront;
    const host = EDGE_ADDRESS;
    const ownNames = (): string[] =>
      cloudFront.distributions.all().flatMap((distribution) => [...namesOf(distribution)]);
    const https = await listen(tlsServer, {
      host,
      port: options.httpsPort,
      purpose: "CloudFront's HTTPS",
      ownNames,
    });
    try {
      const http = await listen(plainServer, {
        host,
        port: options.httpPort,
        purpose: "CloudFront's HTTP",
        ownNames,
      });
      cloudFront.ports = { https, http };
    } catch (error) {
      await closeServer(tlsServer);
      throw error;
    }
    return cloudFront;
  }

  /** PEM of the certificate of `*.cloudfront.net`, which clients of a distribution without an alias must trust. */
  get defaultCertificate(): string {
    return this.ownCertificate.cert;
  }

  /** Port in place of 80 on the edge's address. */
  get httpPort(): number {
    return this.ports.http;
  }

  /** Port in place of 443 on the edge's address. */
  get httpsPort(): number {
    return this.ports.https;
  }

  /** Domain names and aliases of the distributions that are deployed. */
  servedNames(): string[] {
    const names = this.distributions.all().flatMap((distribution) => [...namesOf(distribution)]);
    return names.filter((name) => this.distributions.servingEdgeOf(name) !== undefined);
  }

  /** Returns the ARNs of the distributions that use a certificate. */
  certificateUsers(certificateArn: string): string[] {
    return this.using((distribution) => distribution.certificateArn === certificateArn, "arn");
  }

  async close(): Promise<void> {
    this.sockets.forEach((socket) => socket.destroy());
    await Promise.all([closeServer(this.tlsServer), closeServer(this.plainServer)]);
  }

  private createHandlers(): LocalService["resourceHandlers"] {
    const { s3, acm, route53, deploymentSeconds = 0, secondMs = 1000 } = this.options;
    const usersOf = (uses: (distribution: Distribution) => boolean): string[] => this.using(uses, "id");
    const cachePolicies = new SharedResources({
      ...CACHE_POLICY,
      usersOf: (id) => usersOf(({ cachePolicy }) => cachePolicy.id === id),
    });
    const headersPolicies = new SharedResources({
      ...RESPONSE_HEADERS_POLICY,
      usersOf: (id) => usersOf(({ headersPolicy }) => headersPolicy?.id === id),
    });
    const originAccessControls = new SharedResources({
      ...ORIGIN_ACCESS_CONTROL,
      usersOf: (id) => usersOf(({ originAccessControlIds }) => originAccessControlIds.includes(id)),
    });
    return {
      "aws:cloudfront/cachePolicy:CachePolicy": cachePolicies.handler,
      "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": headersPolicies.handler,
      "aws:cloudfront/originAccessControl:OriginAccessControl": originAccessControls.handler,
      "aws:cloudfront/distribution:Distribution": distributionHandler({
        distributions: this.distributions,
        context: {
          cachePolicies,
          headersPolicies,
          originAccessControls,
          certificateOf: (arn) => acm.keyPairOf(arn).cert,
          checkBucket: (domainName) => void s3.bucketAt(domainName),
        },
        route53,
        endUse: (certificateArn, user) => acm.endUse(certificateArn, user),
        createEdge: (distribution) =>
          new Edge(
            distribution,
            (name, request) => s3.get(name, request),
            () => this.ports.https,
            secondMs,
          ),
        deployment: async () => {
          if (deploymentSeconds > 0) await delay(deploymentSeconds * secondMs, undefined, { ref: false });
        },
      }),
    };
  }

  private using(uses: (distribution: Distribution) => boolean, property: "id" | "arn"): string[] {
    return this.distributions
      .all()
      .filter(uses)
      .map((distribution) => distribution[property]);
  }

  private handle(request: IncomingMessage, response: ServerResponse, isSecure: boolean): void {
    const host = nameOfHost(request.headers.host ?? "") ?? "";
    const edge = this.distributions.servingEdgeOf(host);
    if (!edge) {
      const { status, headers, body } = errorResponse(403, `No distribution serves ${host}.`);
      return void response.writeHead(status, headers).end(body);
    }
    edge.handle({ request, isSecure, host }, response).catch((error: Error) => {
      this.options.log("cloudfront", `${request.method} ${request.url} failed: ${error.message}`);
      if (response.headersSent) return void response.destroy();
      const { status, headers, body } = errorResponse(500, error.message);
      response.writeHead(status, headers).end(body);
    });
  }

  private contextOf(serverName: string): SecureContext {
    const edge = this.distributions.servingEdgeOf(serverName.toLowerCase());
    if (!edge) throw new Error(`${serverName} is not an alias of a distribution.`);
    const { certificateArn, domainName } = edge.distribution;
    // A certificate of the account is for the aliases. The distribution's own name keeps working with CloudFront's certificate.
    const isOwnName = serverName.toLowerCase() === domainName;
    const keyPair =
      certificateArn === undefined || isOwnName
        ? this.ownCertificate
        : this.options.acm.keyPairOf(certificateArn);
    const known = this.contexts.get(keyPair);
    if (known) return known;
    const { key, cert } = keyPair;
    const context = createSecureContext({ key, cert, minVersion: "TLSv1.2" });
    this.contexts.set(keyPair, context);
    return context;
  }
}
