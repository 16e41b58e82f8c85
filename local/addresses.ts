import type { Regions } from "./aws/regions";
import { addressNames } from "./console/dns-and-health-checks";
import { gatewayNames, type GatewayNames } from "./gateway/gateway";
import type { LocalCloudOptions } from "./options";
import type { Services } from "./services";

/** A region's entry of the program's output `regions`. */
export interface RegionOutputs {
  readonly api: string;
  /** The region's own website; absent unless the websites are public, because CloudFront serves the web UI of both regions. */
  readonly ui?: string;
  readonly table: string;
  readonly conflictTable: string;
  /** URL. */
  readonly quarantineQueue: string;
  readonly failureBucket: string;
  /** Bucket with the region's copy of the web UI. */
  readonly uiBucket: string;
}

/** Addresses of a region. The service endpoints check no credentials and refuse connections while the region is down. */
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
  /** Returns the gateway's URL for a label, such as `api`. */
  gatewayUrl(label: string): string;
}

/** The addresses of a running local cloud, as `--json` prints them. */
export interface Addresses {
  readonly stack: string;
  readonly domain: string | null;
  /** The program's output of the same name; null without a domain. */
  readonly failback: string | null;
  /** By region alias. */
  readonly regions: Readonly<Record<string, RegionAddresses>>;
  /** Address and port of the DNS server, UDP and TCP; null without a domain. */
  readonly dns: string | null;
  /** HTTPS URL of every name that the program created. Clients resolve the name with `dns` and trust `caFile`. */
  readonly names: Readonly<Record<string, string>>;
  /** URLs of the local gateway by the name that each one stands for, such as `app.tickets.test`; empty with public websites. */
  readonly frontDoor: Readonly<Record<string, string>>;
  /** PEM file with the certificate of the local certificate authority; null without a domain. */
  readonly caFile: string | null;
  readonly console: string;
}

/** Collects the addresses of a running local cloud. */
export function addressesOf(parts: {
  readonly options: LocalCloudOptions;
  readonly regions: Regions;
  readonly services: Services;
  readonly regionOutputs: Readonly<Record<string, RegionOutputs>>;
  readonly failback: string | undefined;
  /** The program's output of the same name. */
  readonly appUrl: string | undefined;
  readonly server: ConsoleUrls;
  readonly caFile: string | undefined;
}): Addresses {
  const { options, regions, services, regionOutputs, failback, appUrl, server, caFile } = parts;
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
    frontDoor: gatewayUrls(gatewayNames(domain, appUrl), server),
    caFile: caFile ?? null,
    console: server.url,
  };
}

function gatewayUrls(names: GatewayNames, server: ConsoleUrls): Record<string, string> {
  return Object.fromEntries(Object.entries(names).map(([label, name]) => [name, server.gatewayUrl(label)]));
}

/** Returns the names of the hosted zones that have an address, with their local HTTPS URL. */
function servedNames({ route53, apiGateway }: Services): Record<string, string> {
  const urls = addressNames(route53).map((name) => [name, `https://${name}:${apiGateway.httpsPort}`]);
  return Object.fromEntries(urls) as Record<string, string>;
}

/** Formats the addresses for a terminal: what a browser opens comes first, then each region, then the rest. */
export function addressTable(addresses: Addresses): string {
  const { regions, frontDoor, console: url } = addresses;
  const rows: [label: string, value: string][] = [["console", url]];
  // Without further configuration, a browser resolves only names under localhost.
  for (const [name, address] of Object.entries(frontDoor)) rows.push([name, address]);
  for (const { name, ui, api, dynamodb, table } of Object.values(regions)) {
    if (ui !== undefined) rows.push([`${name} web UI`, ui]);
    rows.push([`${name} API`, `${api}/tickets`]);
    rows.push([`${name} DynamoDB`, `${dynamodb}, table ${table}`]);
  }
  rows.push(...domainRows(addresses));
  const width = Math.max(...rows.map(([label]) => label.length));
  const lines = rows.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`);
  return ["", ...lines, "", "Press Ctrl-C to stop.", ""].join("\n");
}

function domainRows({ dns, names, caFile }: Addresses): [label: string, value: string][] {
  if (dns === null || caFile === null) return [];
  const [url] = Object.values(names);
  return [
    ["DNS", `${dns}, resolves ${Object.keys(names).join(", ")}`],
    ...(url === undefined ? [] : [["HTTPS", `port ${new URL(url).port} of each name`] as [string, string]]),
    ["CA certificate", caFile],
  ];
}
