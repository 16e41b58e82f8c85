import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Server as TlsServer } from "node:https";
import type { Socket } from "node:net";
import { createSecureContext, type SecureContext } from "node:tls";
import { idOf } from "../inputs";
import { createHttpsServer, trackSockets } from "../apigateway/server";
import type { CertificateStore } from "../apigateway/model";
import { closeServer, listen } from "../listen";
import { nameOfHost } from "../allowed-hosts";
import type { Log } from "../log";
import { DeclaredResource, LocalService, CreatedResource, createOnly } from "../resource";
import type { AliasTarget } from "../route53/alias-targets";
import type { LocalS3 } from "../s3/s3";
import { errorResponse } from "./origins";
import {
  EDGE_ADDRESS,
  HOSTED_ZONE_ID,
  type CachePolicy,
  type Distribution,
  type PolicyHeader,
} from "./model";
import { checkOriginAccessControl, readCachePolicy, readResponseHeadersPolicy } from "./policies";
import { readDistribution } from "./read-distribution";
import { Edge } from "./edge";

/** Dependencies and settings of {@link LocalCloudFront}. */
export interface LocalCloudFrontOptions {
  readonly s3: Pick<LocalS3, "get" | "bucketAt">;
  readonly acm: CertificateStore;
  readonly route53: { registerAliasTarget(target: AliasTarget): void };
  readonly log: Log;
  /** Port in place of 443 on the edge's address; 0 chooses one. */
  readonly httpsPort: number;
  /** Port in place of 80 on the edge's address; 0 chooses one. */
  readonly httpPort: number;
}

/**
 * Emulation of CloudFront: one edge with an address of its own. It belongs to no region, so it stays up while a region is down. It
 * requests objects from the buckets of the distribution's origin group in their order.
 */
export class LocalCloudFront implements LocalService {
  readonly resourceHandlers: LocalService["resourceHandlers"] = createOnly({
    "aws:cloudfront/distribution:Distribution": async (resource) => this.createDistribution(resource),
    "aws:cloudfront/cachePolicy:CachePolicy": async (resource) => {
      this.cachePolicies.set(policyId(resource), readCachePolicy(resource));
      return policyResource(resource);
    },
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": async (resource) => {
      this.headersPolicies.set(policyId(resource), readResponseHeadersPolicy(resource));
      return policyResource(resource);
    },
    "aws:cloudfront/originAccessControl:OriginAccessControl": async (resource) => {
      checkOriginAccessControl(resource);
      this.originAccessControls.add(policyId(resource));
      return policyResource(resource);
    },
  });

  private readonly cachePolicies = new Map<string, CachePolicy>();
  private readonly headersPolicies = new Map<string, readonly PolicyHeader[]>();
  private readonly originAccessControls = new Set<string>();
  private readonly edges: Edge[] = [];
  private readonly contexts = new Map<string, SecureContext>();
  private readonly sockets = new Set<Socket>();
  private readonly tlsServer: TlsServer;
  private readonly plainServer: Server;
  private ports = { https: 0, http: 0 };

  private constructor(private readonly options: LocalCloudFrontOptions) {
    const secure = createHttpsServer(
      (serverName) => this.contextOf(serverName),
      (request, response) => this.handle(request, response, true),
    );
    const plain = createServer((request, response) => this.handle(request, response, false));
    this.tlsServer = trackSockets(secure, this.sockets);
    this.plainServer = trackSockets(plain, this.sockets);
  }

  /** Starts the edge. @throws Error when a port is in use, or the edge's address does not exist on this machine. */
  static async start(options: LocalCloudFrontOptions): Promise<LocalCloudFront> {
    const cloudFront = new LocalCloudFront(options);
    const { tlsServer, plainServer } = cloudFront;
    const host = EDGE_ADDRESS;
    const ownNames = (): string[] =>
      cloudFront.edges.flatMap(({ distribution }) => [...namesOf(distribution)]);
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

  /** Port in place of 80 on the edge's address. */
  get httpPort(): number {
    return this.ports.http;
  }

  /** Port in place of 443 on the edge's address. */
  get httpsPort(): number {
    return this.ports.https;
  }

  async close(): Promise<void> {
    this.sockets.forEach((socket) => socket.destroy());
    await Promise.all([closeServer(this.tlsServer), closeServer(this.plainServer)]);
  }

  private createDistribution(resource: DeclaredResource): CreatedResource {
    const { s3, acm, route53 } = this.options;
    const distribution = readDistribution(resource, {
      cachePolicies: this.cachePolicies,
      headersPolicies: this.headersPolicies,
      originAccessControls: this.originAccessControls,
      certificateOf: (arn) => acm.keyPairOf(arn).cert,
      checkBucket: (domainName) => void s3.bucketAt(domainName),
    });
    const { id, arn, domainName, aliases } = distribution;
    const taken = aliases.find((alias) => this.edgeOf(alias));
    if (taken !== undefined) throw new Error(`CNAMEAlreadyExists: ${taken} is another distribution's alias.`);
    this.edges.push(
      new Edge(
        distribution,
        (name, request) => s3.get(name, request),
        () => this.ports.https,
      ),
    );
    route53.registerAliasTarget({ name: domainName, zoneId: HOSTED_ZONE_ID });
    return {
      id,
      outputs: { arn, domainName, hostedZoneId: HOSTED_ZONE_ID, status: "Deployed", etag: "E1" },
    };
  }

  private handle(request: IncomingMessage, response: ServerResponse, isSecure: boolean): void {
    const host = nameOfHost(request.headers.host ?? "") ?? "";
    const edge = this.edgeOf(host);
    if (!edge) {
      const { status, headers, body } = errorResponse(403, `No distribution has the alias ${host}.`);
      return void response.writeHead(status, headers).end(body);
    }
    edge.handle({ request, isSecure, host }, response).catch((error: Error) => {
      this.options.log("cloudfront", `${request.method} ${request.url} failed: ${error.message}`);
      if (response.headersSent) return void response.destroy();
      const { status, headers, body } = errorResponse(500, error.message);
      response.writeHead(status, headers).end(body);
    });
  }

  private edgeOf(host: string): Edge | undefined {
    return this.edges.find(({ distribution }) => namesOf(distribution).includes(host));
  }

  private contextOf(serverName: string): SecureContext {
    const edge = this.edgeOf(serverName.toLowerCase());
    if (!edge) throw new Error(`${serverName} is not an alias of a distribution.`);
    const { certificateArn } = edge.distribution;
    const known = this.contexts.get(certificateArn);
    if (known) return known;
    const context = createSecureContext({
      ...this.options.acm.keyPairOf(certificateArn),
      minVersion: "TLSv1.2",
    });
    this.contexts.set(certificateArn, context);
    return context;
  }
}

/** Id of a policy or an origin access control, which distributions refer to. */
function policyId(resource: DeclaredResource): string {
  return idOf(resource, 20);
}

function policyResource(resource: DeclaredResource): CreatedResource {
  return { id: policyId(resource), outputs: { name: resource.inputs.name ?? resource.physicalName } };
}

function namesOf({ aliases, domainName }: Distribution): readonly string[] {
  return [...aliases, domainName];
}
