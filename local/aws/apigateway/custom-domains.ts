import type { Server } from "node:https";
import { createSecureContext, type SecureContext } from "node:tls";
import { nameOfHost } from "../allowed-hosts";
import { inputError } from "../inputs";
import {
  gatewayResponse,
  type Api,
  type ApiMapping,
  type CertificateStore,
  type CustomDomain,
  type HttpResponse,
  type RequestTarget,
} from "./model";
import { handleRequest, type HandlerContext } from "./request-handler";
import { createHttpsServer } from "./server";
import { targetOfDomain } from "./targets";

/** Custom domains of all regions. A name may exist once in each region. */
export class CustomDomains {
  private readonly domains = new Map<string, CustomDomain>();
  private readonly contexts = new WeakMap<CustomDomain, { cert: string; context: SecureContext }>();

  constructor(private readonly acm: CertificateStore) {}

  /** Adds a domain. Returns false when its region already has one of that name. */
  add(domain: CustomDomain): boolean {
    const key = keyOf(domain.region, domain.name);
    if (this.domains.has(key)) return false;
    this.domains.set(key, domain);
    return true;
  }

  /** Removes a domain with its mappings. */
  remove({ region, name }: CustomDomain): void {
    this.domains.delete(keyOf(region, name));
  }

  /** Returns the mappings of an API, or of one of its stages, in any domain. */
  mappingsOf(api: Api, stageName?: string): ApiMapping[] {
    return [...this.domains.values()]
      .flatMap(({ mappings }) => [...mappings.values()])
      .filter((mapping) => mapping.api === api && (stageName ?? mapping.stageName) === mapping.stageName);
  }

  find(region: string, name: string): CustomDomain | undefined {
    return this.domains.get(keyOf(region, name));
  }

  /** Returns a domain of a region. @throws Error when there is none of this name. */
  get(region: string, name: string): CustomDomain {
    const domain = this.find(region, name);
    if (domain) return domain;
    // Observed: https://github.com/hashicorp/terraform-provider-aws/issues/41659
    throw inputError(
      "domainName",
      `NotFoundException: Invalid domain name identifier specified: ${name} is not a custom domain of ${region}.`,
    );
  }

  /** Names of the domains of a region, in lower case. */
  namesIn(region: string): string[] {
    return [...this.domains.values()]
      .filter((domain) => domain.region === region)
      .map(({ name }) => name.toLowerCase());
  }

  /** Returns the domains that use a certificate. */
  using(certificateArn: string): CustomDomain[] {
    return [...this.domains.values()].filter((domain) => domain.certificateArn === certificateArn);
  }

  /** Creates the HTTPS server of a region's custom domains, which does not listen yet. */
  createServer(region: string, context: HandlerContext): Server {
    const findTarget = (path: string, host: string | undefined): RequestTarget | HttpResponse => {
      const domain = this.find(region, nameOfHost(host ?? "") ?? "");
      return (domain && targetOfDomain(domain, path)) ?? gatewayResponse(403, "Forbidden");
    };
    return createHttpsServer(
      (serverName) => this.contextOf(region, serverName),
      (request, response) => void handleRequest(context, region, findTarget, request, response),
    );
  }

  private contextOf(region: string, serverName: string): SecureContext {
    const domain = this.find(region, serverName);
    if (!domain) throw new Error(`${serverName} is not a custom domain of ${region}.`);
    const pair = this.acm.keyPairOf(domain.certificateArn);
    const known = this.contexts.get(domain);
    // The domain, or its certificate, may have changed since the last handshake.
    if (known?.cert === pair.cert) return known.context;
    const context = createSecureContext({ ...pair, minVersion: "TLSv1.2" });
    this.contexts.set(domain, { cert: pair.cert, context });
    return context;
  }
}

function keyOf(region: string, name: string): string {
  return `${region}/${name.toLowerCase()}`;
}
