import { KeyAlgorithm, ListCertificatesCommand, type ACMClient } from "@aws-sdk/client-acm";
import { GetAccountLimitCommand } from "@aws-sdk/client-route-53";
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  type ServiceQuotasClient,
} from "@aws-sdk/client-service-quotas";
import type { CheckedAccount } from "./account-checks";
import { GLOBAL_REGION } from "./account-clients";
import { ok, toDo, type Check, type Finding } from "./check";

/** Resources that a first update with a domain creates and that AWS limits. Tests compare them with the program. */
export const NEEDED = { healthChecks: 6, hostedZones: 1, certificatesPerRegion: 1 } as const;

/** `ACM certificates` in Service Quotas. */
const CERTIFICATES_QUOTA = { ServiceCode: "acm", QuotaCode: "L-F141DD1D" };

/** Checks that the quotas leave room for the resources of a domain. A stack that is deployed with its domain has them already. */
export function quotaChecks(checked: CheckedAccount): Check[] {
  const { config, outputs } = checked;
  if (config.domainName === undefined || outputs.healthChecks !== undefined) return [];
  return [
    routeLimitCheck(checked, "MAX_HEALTH_CHECKS_BY_OWNER", "health checks", NEEDED.healthChecks),
    ...(config.hostedZoneId === undefined
      ? [routeLimitCheck(checked, "MAX_HOSTED_ZONES_BY_OWNER", "hosted zones", NEEDED.hostedZones)]
      : []),
    ...certificateRegions(checked).map((region) => certificateCheck(checked, region)),
  ];
}

/** AWS codes of the regions with a certificate: both, and CloudFront's. */
export function certificateRegions({ config }: Pick<CheckedAccount, "config">): string[] {
  return [...new Set([...config.regions.map(({ code }) => code), GLOBAL_REGION])];
}

/** Route 53 reports its quotas together with the use: https://docs.aws.amazon.com/Route53/latest/APIReference/API_GetAccountLimit.html */
function routeLimitCheck(
  { clients }: CheckedAccount,
  Type: "MAX_HEALTH_CHECKS_BY_OWNER" | "MAX_HOSTED_ZONES_BY_OWNER",
  what: string,
  needed: number,
): Check {
  return {
    subject: `The quota of Route 53 ${what}`,
    actions: ["route53:GetAccountLimit"],
    async run() {
      const { Limit, Count = 0 } = await clients.route53.send(new GetAccountLimitCommand({ Type }));
      const where = `https://${GLOBAL_REGION}.console.aws.amazon.com/servicequotas/home/services/route53/quotas`;
      return [
        quotaFinding({ what: `Route 53 ${what}`, quota: Limit?.Value ?? 0, used: Count, needed, where }),
      ];
    },
  };
}

function certificateCheck({ clients }: CheckedAccount, region: string): Check {
  return {
    subject: `The quota of certificates in ${region}`,
    actions: [
      "acm:ListCertificates",
      "servicequotas:GetServiceQuota",
      "servicequotas:GetAWSDefaultServiceQuota",
    ],
    async run() {
      const { acm, quotas } = clients.regional[region];
      const [quota, used] = await Promise.all([certificateQuota(quotas), certificateCount(acm)]);
      const where = `https://${region}.console.aws.amazon.com/servicequotas/home/services/acm/quotas/${CERTIFICATES_QUOTA.QuotaCode}`;
      const what = `certificates in ${region}`;
      return [quotaFinding({ what, quota, used, needed: NEEDED.certificatesPerRegion, where })];
    },
  };
}

/**
 * Quota of the account. For an account whose quota was never set, Service Quotas may know the default only.
 * https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html
 */
async function certificateQuota(client: ServiceQuotasClient): Promise<number> {
  const applied = client.send(new GetServiceQuotaCommand(CERTIFICATES_QUOTA)).catch((error: Error) => {
    if (error.name !== "NoSuchResourceException") throw error;
    return client.send(new GetAWSDefaultServiceQuotaCommand(CERTIFICATES_QUOTA));
  });
  return (await applied).Quota?.Value ?? 0;
}

/** Without a filter of key types, ACM lists RSA certificates of up to 2048 bits only. */
async function certificateCount(client: ACMClient): Promise<number> {
  let count = 0;
  let NextToken: string | undefined;
  do {
    const page = await client.send(
      new ListCertificatesCommand({ Includes: { keyTypes: Object.values(KeyAlgorithm) }, NextToken }),
    );
    count += (page.CertificateSummaryList ?? []).length;
    NextToken = page.NextToken;
  } while (NextToken);
  return count;
}

function quotaFinding({
  what,
  quota,
  used,
  needed,
  where,
}: {
  readonly what: string;
  readonly quota: number;
  readonly used: number;
  readonly needed: number;
  /** Page where an increase is requested. */
  readonly where: string;
}): Finding {
  const text = `The account has ${used} of ${quota} ${what}, and the stack creates ${needed}.`;
  if (quota - used >= needed) return ok(text);
  return toDo(text, `Delete what is not used, or request an increase at ${where}`);
}
