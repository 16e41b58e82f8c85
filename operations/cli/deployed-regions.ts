/** Access to the domain names on the local cloud. */
interface LocalNaming {
  /** URL of the console. */
  readonly console: string;
  /** Factor by which all durations are shortened. */
  readonly speed: number;
  /** Age of the counts of messages that SQS returns, in seconds. */
  readonly queueCountLagSeconds: number;
  /** HTTPS URL with port by domain name. */
  readonly urls: Readonly<Record<string, string>>;
  /** PEM of the certificate authority of the names; absent without a domain. */
  readonly ca?: string;
}

/** Endpoints of the AWS services of a region on the local cloud. */
export interface ServiceEndpoints {
  readonly dynamodb: string;
  readonly sqs: string;
  readonly s3: string;
}

/** Resources of a region that operator commands use. */
export interface DeployedRegion {
  /** Region alias. */
  readonly name: string;
  /** AWS region code. */
  readonly code: string;
  /** URL of the API endpoint outside the domain, without a trailing slash. */
  readonly api: string;
  readonly table: string;
  readonly conflictTable: string;
  /** URL. */
  readonly quarantineQueue: string;
  readonly failureBucket: string;
  /** Bucket with the region's copy of the web UI; absent if an earlier release deployed the stack. */
  readonly uiBucket?: string;
  /** URL of the region's own website, without a trailing slash; absent unless the websites are public. */
  readonly ui?: string;
  /** Absent on AWS. */
  readonly endpoints?: ServiceEndpoints;
}

/** Domain, roles and health checks of a deployment, from sources other than DNS. */
export interface Naming {
  /** Alias of the primary since the last stack update. */
  readonly primary?: string;
  /** URL of the web UI of both regions, without a trailing slash; absent with public websites. */
  readonly appUrl?: string;
  /** Absent without a domain, and then without DNS failover. */
  readonly domain?: string;
  /** `gated`: a failover lasts until an operator fails back. Undefined if the stack does not report it. */
  readonly failback?: "gated" | "automatic";
  /** Ids of the Route 53 endpoint checks, by region alias; absent on the local cloud, or if the stack does not report them. */
  readonly healthChecks?: Readonly<Record<string, string>>;
  /** Host and port of the DNS server of the domain; absent to use the system resolvers. */
  readonly dnsServer?: string;
  /** Absent on AWS. */
  readonly local?: LocalNaming;
}

/** Stack name and regions, not validated yet. */
export interface FoundRegions {
  readonly stack: string;
  readonly givenStack?: string;
  readonly regions: unknown;
  readonly naming: Naming;
  /** Instruction for the operator when a value is missing. */
  readonly fix: string;
}
