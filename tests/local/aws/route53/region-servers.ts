import type { RequestListener } from "node:http";
import * as https from "node:https";
import type { TLSSocket } from "node:tls";
import { LocalAcm } from "../../../../local/aws/acm/acm";
import { closeServer, listenInRegion } from "../../../../local/aws/listen";
import type { Regions } from "../../../../local/aws/regions";
import type { HealthCheckStatus } from "../../../../local/aws/route53/health-checks";
import type { LocalRoute53 } from "../../../../local/aws/route53/route53";
import { waitFor } from "../../../support/wait-for";
import { createResource } from "../../support/create-resource";
import {
  aliasTo,
  HEALTH_CHECK,
  IRELAND_ENDPOINT,
  RECORD,
  SINGAPORE_ENDPOINT,
  startRoute53,
  twoRegions,
  ZONE,
} from "./open-route53";

/** Ten seconds become 20 milliseconds. */
const SPEED = 500;

/** Request as Ireland's server received it. */
interface SeenRequest {
  readonly serverName: string | false | null;
  readonly host: string | undefined;
  readonly agent: string | undefined;
}

/** TLS server with a certificate in each of two regions, and a Route 53 with a name for each. */
export class RegionServers {
  readonly seenInIreland: SeenRequest[] = [];
  /** Response of both servers; initially `{"status":"ok"}`. */
  respond: RequestListener = (_request, response) => response.end('{"status":"ok"}');
  /** Clock of the health checks in milliseconds. */
  now = 3_600_000;
  /** Port in place of 443. */
  port = 0;
  /** Certificate of the authority that signs the servers' certificates. */
  ca = "";
  private readonly servers: https.Server[] = [];
  private service: LocalRoute53 | undefined;

  private constructor(readonly regions: Regions) {}

  static async start(): Promise<RegionServers> {
    const setup = new RegionServers(twoRegions());
    const port = await setup.listen();
    const options = {
      regions: setup.regions,
      healthCheckPort: () => port,
      speed: SPEED,
      clock: () => setup.now,
    };
    const route53 = (setup.service = await startRoute53(options));
    await createResource(route53, ZONE, { name: "tickets.test" });
    await setup.issueCertificate();
    for (const [name, endpoint] of [
      ["ireland", IRELAND_ENDPOINT],
      ["singapore", SINGAPORE_ENDPOINT],
    ] as const) {
      route53.registerAliasTarget(endpoint);
      await setup.record({ name, type: "A", aliases: aliasTo(endpoint) });
    }
    return setup;
  }

  get route53(): LocalRoute53 {
    if (!this.service) throw new Error("Route 53 is not started.");
    return this.service;
  }

  get zoneId(): string {
    return this.route53.zones()[0].zoneId;
  }

  record(inputs: Record<string, unknown>): ReturnType<typeof createResource> {
    return createResource(this.route53, RECORD, { zoneId: this.zoneId, ...inputs });
  }

  /** Creates an HTTPS check of a name in the zone, every 10 s with a threshold of 3, and returns its id. */
  async check(name: string, inputs: Record<string, unknown> = {}): Promise<string> {
    const fqdn = `${name}.tickets.test`;
    const defaults = { type: "HTTPS", fqdn, requestInterval: 10, failureThreshold: 3 };
    return (await createResource(this.route53, HEALTH_CHECK, { ...defaults, ...inputs }, { name })).id;
  }

  status(id: string): HealthCheckStatus {
    const found = this.route53.healthChecks().find((check) => check.id === id);
    if (!found) throw new Error(`There is no health check ${id}.`);
    return found;
  }

  async untilHealthy(id: string, healthy: boolean): Promise<void> {
    const what = `${this.status(id).name} to be healthy: ${healthy}`;
    await waitFor(() => this.status(id).healthy === healthy, { what });
  }

  async untilResult(id: string, text: string): Promise<void> {
    await waitFor(() => this.status(id).lastResult === text, { what: `the result ${text}` });
  }

  async close(): Promise<void> {
    await this.service?.close();
    await Promise.all(this.servers.map(closeServer));
  }

  /** Starts both servers on the same port, each on the address of its region. */
  private async listen(): Promise<number> {
    for (const region of this.regions.all()) {
      const server = https.createServer((request, response) => this.respond(request, response));
      this.servers.push(server);
      const ownNames = (): string[] =>
        ["api", ...this.regions.all().map(({ name }) => name)].map((label) => `${label}.tickets.test`);
      const options = { host: region.address, port: this.port, purpose: "a region's API", ownNames };
      this.port = await listenInRegion(server, this.regions, region.code, options);
    }
    this.servers[0].on("request", ({ socket, headers }) => {
      const { servername } = socket as TLSSocket & { servername: string | false | null };
      this.seenInIreland.push({ serverName: servername, host: headers.host, agent: headers["user-agent"] });
    });
    return this.port;
  }

  private async issueCertificate(): Promise<void> {
    const acm = await LocalAcm.create({ route53: this.route53 });
    const domains = { domainName: "tickets.test", subjectAlternativeNames: ["*.tickets.test"] };
    const inputs = { ...domains, validationMethod: "DNS" };
    const { id: certificateArn, outputs } = await createResource(
      acm,
      "aws:acm/certificate:Certificate",
      inputs,
    );
    const [option] = outputs.domainValidationOptions as Record<string, string>[];
    const records = [option.resourceRecordValue];
    await this.record({ name: option.resourceRecordName, type: "CNAME", ttl: 60, records });
    await createResource(acm, "aws:acm/certificateValidation:CertificateValidation", { certificateArn });
    this.ca = acm.caCertificate;
    this.servers.forEach((server) => server.setSecureContext(acm.keyPairOf(certificateArn)));
  }
}
