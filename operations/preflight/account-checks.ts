import { ListRegionsCommand, type RegionOptStatus } from "@aws-sdk/client-account";
import { ListDistributionsCommand } from "@aws-sdk/client-cloudfront";
import { GetAccountSettingsCommand } from "@aws-sdk/client-lambda";
import { GetPublicAccessBlockCommand, type PublicAccessBlockConfiguration } from "@aws-sdk/client-s3-control";
import type { StackConfig } from "../cli/stack-config";
import type { AccountClients } from "./account-clients";
import { note, ok, toDo, type Check, type Finding } from "./check";

/** Account, and the configuration that it must support. */
export interface CheckedAccount {
  readonly clients: AccountClients;
  /** Twelve digits. */
  readonly account: string;
  readonly config: StackConfig;
  /** Outputs of the stack; none before its first update. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Ids of the hosted zones that the stack has created, also in an update that failed and left no outputs. */
  readonly createdZones: readonly string[];
}

/**
 * Concurrent executions that a region needs. The API's throttling admits 500 requests per second, which are 50 at once at 100 ms each;
 * replication, heartbeats, sentinels and the requests of the health checkers come on top.
 */
const NEEDED_CONCURRENCY = 100;
/** Default quota of an account: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const USUAL_CONCURRENCY = 1000;

/** Checks that both regions are enabled: https://docs.aws.amazon.com/accounts/latest/reference/API_ListRegions.html */
export function regionsCheck({ clients, config }: CheckedAccount): Check {
  return {
    subject: "Whether the regions are enabled",
    actions: ["account:ListRegions"],
    async run() {
      const statuses = new Map<string, RegionOptStatus>();
      let NextToken: string | undefined;
      do {
        const page = await clients.account.send(new ListRegionsCommand({ MaxResults: 50, NextToken }));
        for (const { RegionName, RegionOptStatus } of page.Regions ?? [])
          if (RegionName && RegionOptStatus) statuses.set(RegionName, RegionOptStatus);
        NextToken = page.NextToken;
      } while (NextToken);
      return config.regions.map(({ code }) => regionFinding(code, statuses.get(code)));
    },
  };
}

function regionFinding(code: string, status: RegionOptStatus | undefined): Finding {
  switch (status) {
    case "ENABLED":
    case "ENABLED_BY_DEFAULT":
      return ok(`The region ${code} is enabled.`);
    case "ENABLING":
      return toDo(
        `AWS is enabling the region ${code}.`,
        "Wait until this command reports it as enabled: minutes for most accounts, hours for some.",
      );
    case undefined:
      return toDo(
        `This account has no region ${code}.`,
        "Correct tickets:regions in the configuration of the stack.",
      );
    default:
      return toDo(
        `The region ${code} is not enabled.`,
        `aws account enable-region --region-name ${code}, then wait until this command reports it as enabled.`,
      );
  }
}

/** Checks the concurrency quota of Lambda, which is 10 in some new accounts. */
export function concurrencyChecks({ clients, config, outputs }: CheckedAccount): Check[] {
  return config.regions.map(({ code }) => ({
    subject: `Lambda's concurrency quota in ${code}`,
    actions: ["lambda:GetAccountSettings"],
    async run() {
      // After the first update, what is free excludes the reservation of the stack.
      const reserved = Object.keys(outputs).length === 0 ? config.replicationConcurrency : 0;
      const { AccountLimit } = await clients.regional[code].lambda.send(new GetAccountSettingsCommand({}));
      const quota = AccountLimit?.ConcurrentExecutions ?? 0;
      // Reserved concurrency of other functions of the account is not available to those of the stack.
      const free = AccountLimit?.UnreservedConcurrentExecutions ?? quota;
      const desired = Math.max(USUAL_CONCURRENCY, quota + reserved);
      const request = `aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value ${desired} --region ${code}`;
      const text = `Lambda in ${code} runs at most ${quota} functions at once, ${free} of them without reserved concurrency`;
      if (free >= NEEDED_CONCURRENCY + reserved) return [ok(`${text}.`)];
      if (free >= NEEDED_CONCURRENCY)
        return [
          toDo(
            `${text}. tickets:replicationConcurrency reserves ${reserved} of them, but AWS keeps ${NEEDED_CONCURRENCY} unreserved.`,
            `pulumi config rm tickets:replicationConcurrency, or request a higher quota: ${request}`,
          ),
        ];
      return [
        toDo(
          `${text}. The stack needs ${NEEDED_CONCURRENCY}: below that, requests, health checks and replication are throttled under load. ` +
            "Until then, keep tickets:replicationParallelization at 1 and tickets:replicationConcurrency at 0, which cannot be reserved.",
          quota < USUAL_CONCURRENCY
            ? request
            : `Reduce the reserved concurrency of other functions in ${code}.`,
        ),
      ];
    },
  }));
}

/**
 * Checks the account's block public access, which a public website needs turned off. The API returns the effective settings, also
 * those that an organization's S3 policy enforces.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_GetPublicAccessBlock.html
 */
export function publicAccessCheck({ clients, account, config }: CheckedAccount): Check {
  return {
    subject: "S3 Block Public Access of the account",
    actions: ["s3:GetAccountPublicAccessBlock"],
    async run() {
      if (!config.publicWebsite)
        return [ok("All buckets are private, so no setting of S3 Block Public Access is in the way.")];
      const { BlockPublicPolicy, RestrictPublicBuckets } = await accountBlock(clients, account);
      if (!BlockPublicPolicy && !RestrictPublicBuckets)
        return [ok("S3 Block Public Access of the account permits public websites.")];
      const change =
        "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=false,RestrictPublicBuckets=false";
      return [
        toDo(
          "S3 Block Public Access of the account forbids public bucket policies, but publicWebsite is true.",
          `pulumi config rm tickets:publicWebsite. Or aws s3control put-public-access-block --account-id ${account} ` +
            `--public-access-block-configuration ${change}. If that is denied, a policy of your organization enforces the settings.`,
        ),
      ];
    },
  };
}

async function accountBlock(
  { s3control }: AccountClients,
  AccountId: string,
): Promise<PublicAccessBlockConfiguration> {
  try {
    const { PublicAccessBlockConfiguration: block = {} } = await s3control.send(
      new GetPublicAccessBlockCommand({ AccountId }),
    );
    return block;
  } catch (error) {
    if ((error as Error).name === "NoSuchPublicAccessBlockConfiguration") return {};
    throw error;
  }
}

/**
 * Checks what can be known about the verification of the account for CloudFront. AWS refuses the first distribution of some new accounts:
 * "Your account must be verified before you can add new CloudFront resources". No read-only call shows it beforehand, but an
 * account that has a distribution is verified.
 */
export function cloudfrontCheck({ clients, config }: CheckedAccount): Check {
  return {
    subject: "CloudFront",
    actions: ["cloudfront:ListDistributions"],
    async run() {
      if (config.publicWebsite && config.domainName === undefined)
        return [ok("The web UI is a public website, without CloudFront.")];
      const { DistributionList } = await clients.cloudfront.send(
        new ListDistributionsCommand({ MaxItems: 1 }),
      );
      // An empty list has no items.
      if ((DistributionList?.Items ?? []).length > 0)
        return [ok("The account has a CloudFront distribution, so AWS has verified it for CloudFront.")];
      return [
        note(
          "The account has no CloudFront distribution. AWS verifies some new accounts before their first one, and no API tells which.",
          'If pulumi up fails with "Your account must be verified", ask AWS Support (Account and billing) to verify it for CloudFront, and run pulumi up again.',
        ),
      ];
    },
  };
}
