import type { Server } from "node:https";
import { createSecureContext, type SecureContext } from "node:tls";
import { nameOfHost } from "../allowed-hosts";
import {
  gatewayResponse,
  type CertificateStore,
  type CustomDomain,
  type HttpResponse,
  type RequestTarget,
} from "./model";
import { handleRequest, type HandlerContext } from "./request-handler";
import { createHttpsServer } from "./server";
import { targetOfDomain } from "./targets";

/** The custom domains of all regions; one name may exist in several regions, once in each. */
export class CustomDomains {
  private readonly domains = new Map<string, CustomDomain>();
  private readonly contexts = new Map<CustomDomain, SecureContext>();

  constructor(private readonly acm: CertificateStore) {}

  /** Adds a domain; false when its region has one of that name. */
  add(domain: CustomDomain): boolean {
    const key = keyOf(domain.region, domain.name);
    if (this.domains.has(key)) return false;
    this.domains.set(key, domain);
    return true;
  }

  find(region: string, name: string): CustomDomain | undefined {
    return this.domains.get(keyOf(region, name));
  }

  /** The names of a region's domains, in lower case. */
  namesIn(region: string): string[] {
    return [...this.domains.values()]
      .filter((domain) => domain.region === region)
      .map(({ name }) => name.toLowerCase());
  }

  /** The HTTPS server of a region's custom domains, not yet listening. */
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
    if (!domain) throw new Error(`${serverName} is no custom domain of ${region}.`);
    let context = this.contexts.get(domain);
    if (!context) {
      context = createSecureContext({ ...this.acm.keyPairOf(domain.certificateArn), minVersion: "TLSv1.2" });
      this.contexts.set(domain, context);
    }
    return context;
  }
}

function keyOf(region: string, name: string): string {
  return `${region}/${name.toLowerCase()}`;
}
