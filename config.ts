import * as pulumi from "@pulumi/pulumi";
import { AlarmConfig, AlarmValues, groupedAlarms, readAlarms } from "./alarm-config";
import { ConfigReader, integer, oneOf, optional, Setting, wholeNumber } from "./config-reader";

/** A region of the application. */
export interface Region {
  /** Nickname, part of host and resource names, such as `ireland`. */
  readonly name: string;
  /** AWS code, such as `eu-west-1`. */
  readonly code: string;
}

/** The domain that the application answers under. */
export interface Domain {
  readonly name: string;
  /** An existing hosted zone; absent when the program creates one. */
  readonly hostedZoneId?: string;
}

/** When Route 53 calls a region unhealthy: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html */
export interface HealthCheckTiming {
  /** 10 or 30. */
  readonly intervalSeconds: number;
  /** 1 to 10. */
  readonly failureThreshold: number;
}

/** How service returns to the primary after the secondary has taken over. */
export interface TakeoverPolicy {
  /**
   * `gated`: a sentinel makes every failover last until somebody fails back. `automatic`: Route 53 returns by itself when
   * the primary answers again; only an operator's takeover lasts.
   */
  readonly failback: "gated" | "automatic";
  /** How long the primary must have failed every probe of the sentinel, 1 to 3600. */
  readonly takeoverAfterSeconds: number;
}

/** A stack's configuration; `Pulumi.yaml` describes every key and holds the defaults. */
export interface Config {
  /** Nickname of the region that serves while it is healthy. */
  readonly primary: string;
  readonly regions: readonly [Region, Region];
  /** Absent when the application has no domain, and so no failover by DNS. */
  readonly domain?: Domain;
  readonly healthCheck: HealthCheckTiming;
  readonly takeover: TakeoverPolicy;
  readonly protectData: boolean;
  readonly logRetentionDays: number;
  readonly auditTrail: boolean;
  readonly alarms: AlarmConfig;
  /** One endpoint for every AWS service; absent for AWS itself. */
  readonly awsEndpoint?: string;
}

/** What CloudWatch Logs allows: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Bounds every name that the program derives from two nicknames to the 63 characters that S3 and Lambda allow. */
const NICKNAME = /^(?=.{1,16}$)[a-z]([a-z0-9-]*[a-z0-9])?$/;
/** Host names and a provider of the program that a nickname would collide with. */
const RESERVED = ["api", "app", "global", "primary", "serving"];
const REGION_CODE = /^[a-z]{2,}(-[a-z]+)+-\d+$/;
/** ACM takes at most 64 characters: https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html */
const DOMAIN = /^(?=.{1,64}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/;

const REGIONS: Setting<readonly [Region, Region]> = {
  allowed:
    'a list of exactly two regions {"name", "code"} with different nicknames (1 to 16 of a-z, 0-9 and -, ' +
    `beginning with a letter, none of ${RESERVED.join(", ")}) and different AWS codes such as eu-west-1`,
  mend: "pulumi config set --path 'regions[0].name' ireland, and so on for 'regions[0].code', 'regions[1].name' and 'regions[1].code'",
  parse: parseRegions,
};

const DOMAIN_NAME: Setting<string> = {
  allowed: "a domain name of at most 64 characters in lower case with at least one dot, or empty",
  mend: "pulumi config set domainName tickets.example.com",
  parse: (text) => (DOMAIN.test(text) ? text : undefined),
};

const HOSTED_ZONE_ID: Setting<string> = {
  allowed: "the id of a Route 53 hosted zone, such as Z0123456789EXAMPLE, or empty",
  mend: "pulumi config rm hostedZoneId, or set it to an id that `aws route53 list-hosted-zones` shows, without /hostedzone/",
  parse: (text) => (/^Z[A-Z0-9]{1,31}$/.test(text) ? text : undefined),
};

const AWS_ENDPOINT: Setting<string> = {
  allowed: "an http or https URL, or empty for AWS itself",
  mend: "pulumi config set awsEndpoint http://localhost:4566",
  parse: (text) => (/^https?:\/\//.test(text) && URL.canParse(text) ? text : undefined),
};

/**
 * Reads and checks the whole configuration of the stack.
 * @throws pulumi.RunError that lists everything that is wrong, each with its key, value, what is allowed and how to mend it.
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
    auditTrail: reader.read("auditTrail", oneOf(["true", "false"])),
    ...readAlarms(reader),
    awsEndpoint: reader.read("awsEndpoint", optional(AWS_ENDPOINT)),
  };
  if (values.hostedZoneId && values.domainName === "")
    reader.refuse("hostedZoneId", { ...HOSTED_ZONE_ID, allowed: "empty when domainName is empty" });
  return grouped(reader.complete(values));
}

function grouped(
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
    auditTrail: string;
    awsEndpoint: string;
  } & AlarmValues,
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
    auditTrail: values.auditTrail === "true",
    alarms: groupedAlarms(values),
    awsEndpoint: awsEndpoint || undefined,
  };
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
  return NICKNAME.test(name) && !RESERVED.includes(name) && REGION_CODE.test(code);
}
