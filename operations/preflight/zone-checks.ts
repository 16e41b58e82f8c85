import {
  GetHostedZoneCommand,
  ListHostedZonesByNameCommand,
  type GetHostedZoneCommandOutput,
} from "@aws-sdk/client-route-53";
import type { CheckedAccount } from "./account-checks";
import { note, ok, toDo, type Check, type Finding } from "./check";
import { plainName, type PublicDns } from "./public-dns";

/** Where docs/deploy.md describes the delegation. */
const GUIDE = "docs/deploy.md describes how to delegate";

/** Hosted zone of Route 53. */
interface Zone {
  readonly id: string;
  readonly name: string;
  readonly isPrivate: boolean;
  /** Sorted; empty for a private zone. */
  readonly nameServers: readonly string[];
  /** Undefined if Route 53 does not report it. */
  readonly acceleratedRecovery?: string;
}

/**
 * Checks the zone of the domain before a certificate is requested: ACM validates it by a record in the zone, so that `up` waits until
 * the public DNS has the zone.
 */
export function zoneChecks(checked: CheckedAccount, dns: PublicDns): Check[] {
  const { domainName, hostedZoneId } = checked.config;
  if (domainName === undefined) return [];
  return [
    {
      subject: "The hosted zone of the domain",
      actions: ["route53:GetHostedZone", "route53:ListHostedZonesByName"],
      run: () =>
        hostedZoneId === undefined
          ? createdZone(checked, domainName, dns)
          : existingZone(checked, domainName, hostedZoneId, dns),
    },
    {
      subject: "The certificate authorities that the domain allows",
      actions: [],
      run: async () => [authoritiesFinding(domainName, await dns.certificateAuthorities(domainName))],
    },
  ];
}

async function existingZone(
  { clients, account }: CheckedAccount,
  domain: string,
  id: string,
  dns: PublicDns,
): Promise<Finding[]> {
  const zone = await readZone(clients, id);
  if (!zone)
    return [
      toDo(
        `The account ${account} has no hosted zone ${id}.`,
        "Set tickets:hostedZoneId to an id from aws route53 list-hosted-zones, without /hostedzone/.",
      ),
    ];
  if (zone.name !== domain && !domain.endsWith(`.${zone.name}`))
    return [
      toDo(
        `The hosted zone ${id} is for ${zone.name}, and the domain ${domain} is not in it.`,
        `Correct tickets:domainName or tickets:hostedZoneId; aws route53 list-hosted-zones-by-name --dns-name ${domain} finds the zone.`,
      ),
    ];
  if (zone.isPrivate)
    return [
      toDo(
        `The hosted zone ${id} of ${zone.name} is private, so neither clients nor ACM see its records.`,
        "Set tickets:hostedZoneId to a public hosted zone.",
      ),
    ];
  return [
    ok(`The hosted zone ${id} is for ${zone.name}.`),
    await delegationFinding(zone, dns),
    ...(zone.name === domain ? [] : await hiddenBy(domain, zone, dns)),
    recoveryFinding(zone),
  ];
}

/** The program creates the zone, unless it has done so before. */
async function createdZone(
  { clients, createdZones }: CheckedAccount,
  domain: string,
  dns: PublicDns,
): Promise<Finding[]> {
  const zones = await zonesOf(clients, domain);
  const own = zones.find(({ id }) => createdZones.includes(id));
  if (own) return [ok(`The stack has created the hosted zone ${own.id}.`), await delegationFinding(own, dns)];
  if (zones.length > 0)
    return [
      toDo(
        `Route 53 has a hosted zone of ${domain} (${zones.map(({ id }) => id).join(", ")}), but the program would create another one ` +
          "with other name servers.",
        `pulumi config set tickets:hostedZoneId ${zones[0].id}`,
      ),
    ];
  const delegated = await dns.nameServers(domain);
  const current = delegated ? ` DNS delegates it to ${delegated.join(", ")} now.` : "";
  return [
    note(
      `The program creates the hosted zone of ${domain}.${current} pulumi up then waits for certificates until the zone is delegated, ` +
        "at most 75 minutes.",
      `While it waits, enter the name servers of the new zone at the registrar or in the parent zone; ${GUIDE}.`,
    ),
  ];
}

async function readZone({ route53 }: CheckedAccount["clients"], Id: string): Promise<Zone | undefined> {
  try {
    return zoneFrom(await route53.send(new GetHostedZoneCommand({ Id })));
  } catch (error) {
    if ((error as Error).name === "NoSuchHostedZone") return undefined;
    throw error;
  }
}

/** Public hosted zones of exactly this name. */
async function zonesOf(clients: CheckedAccount["clients"], domain: string): Promise<Zone[]> {
  const page = await clients.route53.send(new ListHostedZonesByNameCommand({ DNSName: domain }));
  const ids = (page.HostedZones ?? [])
    .filter(({ Name = "", Config }) => plainName(Name) === domain && !Config?.PrivateZone)
    .map(({ Id = "" }) => Id);
  const zones = await Promise.all(ids.map((id) => readZone(clients, id)));
  return zones.filter((zone) => zone !== undefined);
}

function zoneFrom({ HostedZone, DelegationSet }: GetHostedZoneCommandOutput): Zone {
  const { Id = "", Name = "", Config, Features } = HostedZone ?? {};
  return {
    id: Id.replace(/^\/hostedzone\//, ""),
    name: plainName(Name),
    isPrivate: Config?.PrivateZone ?? false,
    nameServers: (DelegationSet?.NameServers ?? []).map(plainName).sort(),
    acceleratedRecovery: Features?.AcceleratedRecoveryStatus,
  };
}

async function delegationFinding({ id, name, nameServers }: Zone, dns: PublicDns): Promise<Finding> {
  const found = await dns.nameServers(name);
  if (isSame(nameServers, found)) return ok(`DNS delegates ${name} to the hosted zone ${id}.`);
  return toDo(
    found
      ? `DNS delegates ${name} to ${found.join(", ")}, not to the hosted zone ${id}.`
      : `DNS does not delegate ${name} to the hosted zone ${id}.`,
    `Enter these name servers at the registrar or in the parent zone: ${nameServers.join(", ")}; ${GUIDE}. ` +
      "Until then a certificate cannot be issued. Resolvers may remember the old answer for hours.",
  );
}

/** Records of the domain in the zone of a parent have no effect if the domain is a zone of its own. */
async function hiddenBy(domain: string, { id, name }: Zone, dns: PublicDns): Promise<Finding[]> {
  const found = await dns.nameServers(domain);
  if (!found) return [];
  return [
    toDo(
      `DNS delegates ${domain} to ${found.join(", ")}, so records of it in the hosted zone ${id} of ${name} have no effect.`,
      `Set tickets:hostedZoneId to the hosted zone of ${domain}, or delete its NS records in ${name}.`,
    ),
  ];
}

/**
 * With accelerated recovery, records can be changed again within 60 minutes while us-east-1 is unavailable. It cannot be enabled then.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/accelerated-recovery.html
 */
function recoveryFinding({ id, acceleratedRecovery: status }: Zone): Finding {
  if (status === "ENABLED" || status === "ENABLING")
    return ok(`Accelerated recovery of the hosted zone ${id} is enabled.`);
  return note(
    `Accelerated recovery of the hosted zone ${id} is not enabled${status ? ` (${status})` : ""}. It is free. Without it, records cannot be ` +
      "changed while us-east-1 is unavailable.",
    `aws route53 update-hosted-zone-features --hosted-zone-id ${id} --enable-accelerated-recovery`,
  );
}

/** Values that let Amazon issue: https://docs.aws.amazon.com/acm/latest/userguide/setup-caa.html */
const AMAZON = ["amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com"];

/** The certificates are for the domain and for all names in it, so that both kinds of records apply. */
function authoritiesFinding(
  domain: string,
  records: Awaited<ReturnType<PublicDns["certificateAuthorities"]>>,
): Finding {
  const issue = records.flatMap(({ issue: value }) => (value === undefined ? [] : [value]));
  const wild = records.flatMap(({ issuewild: value }) => (value === undefined ? [] : [value]));
  const refused = [issue, wild].some((values) => values.length > 0 && !values.some(isAmazon));
  if (!refused) return ok(`The CAA records of ${domain} let Amazon issue certificates.`);
  return toDo(
    `The CAA records of ${domain} or of its parent do not let Amazon issue certificates: ${[...issue, ...wild].join(", ")}.`,
    'Add the CAA records 0 issue "amazon.com" and 0 issuewild "amazon.com" there.',
  );
}

/** Parameters follow a semicolon. */
function isAmazon(value: string): boolean {
  return AMAZON.includes(value.split(";")[0].trim().toLowerCase());
}

/** Whether two sorted lists of name servers are equal; false without any. */
function isSame(one: readonly string[], other: readonly string[] = []): boolean {
  return other.length > 0 && one.join() === other.join();
}
