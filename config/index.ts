import * as pulumi from "@pulumi/pulumi";
import { AlarmConfig, AlarmValues, toAlarmConfig, readAlarms } from "./alarms";
import { AuditTrailConfig, AuditValues, readAudit, toAuditTrailConfig } from "./audit";
import { DEFAULT_TAGS, Tags } from "./default-tags";
import { KmsKeys, kmsKeysOf } from "./kms-keys";
import { LIST_INDEXES, ListIndexes } from "./list-indexes";
import { partitionOf } from "./partition";
import { ReplicationConfig, ReplicationValues, readReplication, toReplicationConfig } from "./replication";
import { ConfigReader, integer, oneOf, optional, Setting, wholeNumber } from "./reader";

/** A region of the application. */
export interface Region {
  /** Region alias, part of host and resource names, such as `ireland`. */
  readonly name: string;
  /** AWS region code, such as `eu-west-1`. */
  readonly code: string;
}

/** Domain of the application. */
export interface Domain {
  readonly name: string;
  /** Id of an existing hosted zone; absent when the program creates one. */
  readonly hostedZoneId?: string;
}

/** Timing of the Route 53 health checks: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html */
export interface HealthCheckTiming {
  /** Seconds between two requests of one checker: 10 or 30. */
  readonly intervalSeconds: number;
  /** Consecutive failures (or successes) that change the status, 1 to 10. */
  readonly failureThreshold: number;
}

/** When the secondary takes over, and how service returns to the primary. */
interface TakeoverPolicy {
  /**
   * `gated`: the sentinel latches every failover until an operator fails back. `automatic`: Route 53 returns service when
   * the primary is healthy again; only a takeover by an operator is latched.
   */
  readonly failback: "gated" | "automatic";
  /** Seconds for which every probe of the sentinel must have failed, 1 to 3600. */
  readonly takeoverAfterSeconds: number;
}

/** Configuration of a stack. `Pulumi.yaml` holds the defaults; `docs/configuration.md` describes every key. */
export interface Config {
  /** Alias of the region that serves while it is healthy. */
  readonly primary: string;
  readonly regions: readonly [Region, Region];
  /** Absent for an application without a domain, which has no DNS failover. */
  readonly domain?: Domain;
  readonly healthCheck: HealthCheckTiming;
  readonly takeover: TakeoverPolicy;
  readonly protectData: boolean;
  readonly logRetentionDays: number;
  /** Absent without an audit trail. */
  readonly auditTrail?: AuditTrailConfig;
  readonly kmsKeys: KmsKeys;
  /** Tags of every resource that can have tags, besides the program's own. */
  readonly defaultTags: Tags;
  /** Whether each region serves the web UI as a public S3 website over HTTP, without CloudFront; never with a domain. */
  readonly publicWebsite: boolean;
  readonly replication: ReplicationConfig;
  readonly listIndexes: ListIndexes;
  readonly alarms: AlarmConfig;
  /** Endpoint for all AWS services; absent to use AWS. */
  readonly awsEndpoint?: string;
}

/** Retention periods that CloudWatch Logs allows: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Keeps every name that contains both aliases within the 63 characters that S3 and Lambda allow. */
const ALIAS = /^(?=.{1,16}$)[a-z]([a-z0-9-]*[a-z0-9])?$/;
/** Names that an alias must not equal: host names of the application, and the global provider. */
const RESERVED = ["api", "app", "global", "primary", "serving"];
/** As in a version of a write: see functions/replication/version.ts. */
const REGION_CODE = /^[a-z]{2,8}(-[a-z]{1,16}){1,3}-\d{1,3}$/;
/** ACM allows at most 64 characters: https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html */
const DOMAIN = /^(?=.{1,64}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/;

const REGIONS: Setting<readonly [Region, Region]> = {
  allowed:
    'a list of exactly two regions {"name", "code"} with different aliases (1 to 16 of a-z, 0-9 and -, ' +
    `starting with a letter, none of ${RESERVED.join(", ")}) and different AWS region codes such as eu-west-1`,
  fix: "pulumi config set --path 'regions[0].name' ireland, and likewise 'regions[0].code', 'regions[1].name' and 'regions[1].code'",
  parse: parseRegions,
};

const DOMAIN_NAME: Setting<string> = {
  allowed: "a lower-case domain name with at least one dot and at most 64 characters, or empty",
  fix: "pulumi config set domainName tickets.example.com",
  parse: (text) => (DOMAIN.test(text) ? text : undefined),
};

const HOSTED_ZONE_ID: Setting<string> = {
  allowed: "the id of a Route 53 hosted zone, such as Z0123456789EXAMPLE, or empty",
  fix: "pulumi config rm hostedZoneId, or set it to an id from `aws route53 list-hosted-zones`, without /hostedzone/",
  parse: (text) => (/^Z[A-Z0-9]{1,31}$/.test(text) ? text : undefined),
};

const PUBLIC_WEBSITE: Setting<string> = {
  ...oneOf(["true", "false"]),
  fix: "pulumi config set publicWebsite false",
};

const AWS_ENDPOINT: Setting<string> = {
  allowed: "an http or https URL, or empty to use AWS",
  fix: "pulumi config set awsEndpoint http://localhost:4566",
  parse: (text) => (/^https?:\/\//.test(text) && URL.canParse(text) ? text : undefined),
};

/**
 * Reads and validates the configuration of the stack.
 * @throws pulumi.RunError that lists every invalid key with its value, the allowed values and the command that fixes it.
 */
export function readConfig(): Config {
  const reader = new ConfigReader(new pulumi.Config());
  const regions = reader.read("regions", REGIONS);
  const values = {
    regions,
    primary: reader.read(
      "primary",
      oneOf(regions ? regions.map(({ name }) => name) : ["ireland", "singapore"]),
    ),
    domainName: reader.read("domainName", optional(DOMAIN_NAME)),
    hostedZoneId: reader.read("hostedZoneId", optional(HOSTED_ZONE_ID)),
    intervalSeconds: reader.read("healthCheckInterval", integer([10, 30])),
    failureThreshold: reader.read("healthCheckThreshold", integer([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])),
    failback: reader.read("failback", oneOf(["gated", "automatic"])),
    takeoverAfterSeconds: reader.read("takeoverAfterSeconds", wholeNumber(1, 3600)),
    protectData: reader.read("protectData", oneOf(["true", "false"])),
    logRetentionDays: reader.read("logRetentionDays", integer(RETENTION_DAYS)),
    ...readAudit(reader),
    kmsKeys: reader.read("kmsKeys", kmsKeysOf(regions)),
    defaultTags: reader.read("defaultTags", DEFAULT_TAGS),
    publicWebsite: reader.read("publicWebsite", PUBLIC_WEBSITE),
    ...readReplication(reader),
    listIndexes: reader.read("listIndexes", oneOf(LIST_INDEXES)),
    ...readAlarms(reader),
    awsEndpoint: reader.read("awsEndpoint", optional(AWS_ENDPOINT)),
  };
  if (values.hostedZoneId && values.domainName === "")
    reader.reject("hostedZoneId", { ...HOSTED_ZONE_ID, allowed: "empty when domainName is empty" });
  rejectOtherPartitions(reader, regions);
  if (values.publicWebsite === "true" && values.domainName)
    reader.reject("publicWebsite", {
      allowed:
        "false while domainName is set, because an S3 website has neither HTTPS nor a name of the domain",
      fix: "pulumi config rm publicWebsite, or pulumi config rm domainName",
    });
  return toConfig(reader.complete(values));
}

function toConfig(
  values: {
    regions: readonly [Region, Region];
    primary: string;
    domainName: string;
    hostedZoneId: string;
    intervalSeconds: number;
    failureThreshold: number;
    failback: string;
    takeoverAfterSeconds: number;
    protectData: string;
    logRetentionDays: number;
    kmsKeys: KmsKeys;
    defaultTags: Tags;
    publicWebsite: string;
    listIndexes: string;
    awsEndpoint: string;
  } & ReplicationValues &
    AlarmValues &
    AuditValues,
): Config {
  const { regions, primary, domainName, hostedZoneId, logRetentionDays, awsEndpoint } = values;
  const { intervalSeconds, failureThreshold, takeoverAfterSeconds } = values;
  const failback = values.failback === "automatic" ? "automatic" : "gated";
  return {
    regions,
    primary,
    domain: domainName ? { name: domainName, hostedZoneId: hostedZoneId || undefined } : undefined,
    healthCheck: { intervalSeconds, failureThreshold },
    takeover: { failback, takeoverAfterSeconds },
    protectData: values.protectData === "true",
    logRetentionDays,
    auditTrail: toAuditTrailConfig(values),
    kmsKeys: values.kmsKeys,
    defaultTags: values.defaultTags,
    publicWebsite: values.publicWebsite === "true",
    replication: toReplicationConfig(values),
    listIndexes: values.listIndexes as ListIndexes,
    alarms: toAlarmConfig(values),
    awsEndpoint: awsEndpoint || undefined,
  };
}

/**
 * Records a problem with the first region outside the partition `aws`. The program calls Route 53, CloudFront and ACM in us-east-1,
 * and credentials of one partition are not valid in another. `aws-us-gov` also lacks public hosted zones.
 * https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html and
 * https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-r53.html
 */
function rejectOtherPartitions(reader: ConfigReader, regions: readonly Region[] = []): void {
  const index = regions.findIndex(({ code }) => partitionOf(code) !== "aws");
  if (index < 0) return;
  const { code } = regions[index];
  reader.reject("regions", {
    allowed:
      `two regions of the partition aws. ${code} is in ${partitionOf(code)}, and its credentials are not valid in us-east-1, ` +
      "where the program calls Route 53, CloudFront and ACM",
    fix: `pulumi config set --path 'regions[${index}].code' eu-west-1`,
  });
}

function parseRegions(text: string): readonly [Region, Region] | undefined {
  const value: unknown = JSON.parse(text);
  if (!Array.isArray(value) || value.length !== 2 || !value.every(isRegion)) return undefined;
  const [first, second] = value.map(({ name, code }) => ({ name, code }));
  return first.name !== second.name && first.code !== second.code ? [first, second] : undefined;
}

function isRegion(value: unknown): value is Region {
  if (typeof value !== "object" || value === null) return false;
  const { name, code, ...others } = value as Record<string, unknown>;
  if (Object.keys(others).length > 0 || typeof name !== "string" || typeof code !== "string") return false;
  return ALIAS.test(name) && !RESERVED.includes(name) && REGION_CODE.test(code);
}
