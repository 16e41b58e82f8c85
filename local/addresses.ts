import { addressNames } from "./console/dns-answers";
import { GATEWAY_LABELS } from "./gateway/gateway";
import type { LocalCloudOptions } from "./options";
import type { Regions } from "./aws/regions";
import type { Services } from "./services";

/** A region's part of the program's output `regions`. */
export interface RegionOutputs {
  readonly api: string;
  /** The region's own website; absent with a domain, where CloudFront has the page of both. */
  readonly ui?: string;
  readonly table: string;
  readonly conflictTable: string;
  /** URL. */
  readonly quarantineQueue: string;
  readonly failureBucket: string;
}

/** Where a region's parts are. The services' endpoints check no credentials and are refused while the region is down. */
export interface RegionAddresses extends RegionOutputs {
  readonly name: string;
  readonly code: string;
  readonly dynamodb: string;
  readonly sqs: string;
  readonly s3: string;
}

/** URLs of the console and of the local gateway that it serves. */
interface ConsoleUrls {
  readonly url: string;
  /** URL of a name of the failover domain, such as `api`. */
  gatewayUrl(label: string): string;
}

/** Where everything is, as `--json` prints it. */
export interface Addresses {
  readonly stack: string;
  readonly domain: string | null;
  /** The program's output of that name; null without a domain. */
  readonly failback: string | null;
  /** By nickname. */
  readonly regions: Readonly<Record<string, RegionAddresses>>;
  /** The DNS server, UDP and TCP; null without a domain. */
  readonly dns: string | null;
  /** The HTTPS URL of every name that the program made; resolve it with `dns` and trust `caFile`. */
  readonly names: Readonly<Record<string, string>>;
  /** Where an ordinary browser finds the names that no single region has, `api.` and the page at `app.`, by name. */
  readonly frontDoor: Readonly<Record<string, string>>;
  /** The local certificate authority, PEM; null without a domain. */
  readonly caFile: string | null;
  readonly console: string;
}

/** Gathers the addresses of a running local cloud. */
export function addressesOf(parts: {
  readonly options: LocalCloudOptions;
  readonly regions: Regions;
  readonly services: Services;
  readonly regionOutputs: Readonly<Record<string, RegionOutputs>>;
  readonly failback: string | undefined;
  readonly server: ConsoleUrls;
  readonly caFile: string | undefined;
}): Addresses {
  const { options, regions, services, regionOutputs, failback, server, caFile } = parts;
  const { stack, domain } = options;
  const regionAddresses = regions.all().map(({ name, code }) => {
    const endpoints = {
      dynamodb: services.dynamodb.endpoint(code),
      sqs: services.sqs.endpoint(code),
      s3: services.s3.endpoint(code),
    };
    return [name, { ...regionOutputs[name], name, code, ...endpoints }] as const;
  });
  return {
    stack,
    domain: domain ?? null,
    failback: failback ?? null,
    regions: Object.fromEntries(regionAddresses),
    dns: domain === undefined ? null : services.route53.dnsAddress,
    names: domain === undefined ? {} : servedNames(services),
    frontDoor: domain === undefined ? {} : gatewayUrls(domain, server),
    caFile: caFile ?? null,
    console: server.url,
  };
}

function gatewayUrls(domain: string, server: ConsoleUrls): Record<string, string> {
  return Object.fromEntries(GATEWAY_LABELS.map((label) => [`${label}.${domain}`, server.gatewayUrl(label)]));
}

/** The names of the hosted zones that have an address, with their URL on this machine. */
function servedNames({ route53, apiGateway }: Services): Record<string, string> {
  const urls = addressNames(route53).map((name) => [name, `https://${name}:${apiGateway.httpsPort}`]);
  return Object.fromEntries(urls) as Record<string, string>;
}
