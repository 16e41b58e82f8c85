/** How the names of the domain are reached on the local cloud. */
interface LocalNaming {
  /** URL of its console. */
  readonly console: string;
  /** By how much it divides its times. */
  readonly speed: number;
  /** The HTTPS URL of each name, which has a port. */
  readonly urls: Readonly<Record<string, string>>;
  /** The certificate authority that signs for the names, PEM; absent without a domain. */
  readonly ca?: string;
}

/** Where a region's services are on the local cloud. */
export interface ServiceEndpoints {
  readonly dynamodb: string;
  readonly sqs: string;
  readonly s3: string;
}

/** A region's part of the system, as the operator's commands find it. */
export interface DeployedRegion {
  /** Nickname. */
  readonly name: string;
  /** AWS code. */
  readonly code: string;
  /** URL of its API by the address that needs no name of the domain; no slash at the end. */
  readonly api: string;
  readonly table: string;
  readonly conflictTable: string;
  /** URL. */
  readonly quarantineQueue: string;
  readonly failureBucket: string;
  /** Absent on AWS. */
  readonly endpoints?: ServiceEndpoints;
}

/** What is known of the system's names and roles beside what DNS says. */
export interface Naming {
  /** Nickname of the region that the last update made the primary. */
  readonly primary?: string;
  /** Absent without a domain, and so without failover by DNS. */
  readonly domain?: string;
  /** Whether a failover lasts until somebody fails back; undefined where the stack does not tell. */
  readonly failback?: "gated" | "automatic";
  /** Ids of Route 53's checks of the regions' endpoints, by nickname; absent on the local cloud, and where the stack does not tell. */
  readonly healthChecks?: Readonly<Record<string, string>>;
  /** Host and port of the DNS server that knows the domain; the machine's own resolvers without it. */
  readonly dnsServer?: string;
  /** The local cloud; absent on AWS. */
  readonly local?: LocalNaming;
}

/** A stack's name and the regions it told, unchecked. */
export interface FoundRegions {
  readonly stack: string;
  readonly givenStack?: string;
  readonly regions: unknown;
  readonly naming: Naming;
  /** What to do when something is missing. */
  readonly fix: string;
}
