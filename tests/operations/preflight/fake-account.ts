import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { closeServer, listen } from "../../../local/aws/listen";

/** Hosted zone of the account. */
interface FakeZone {
  readonly name: string;
  readonly isPrivate?: boolean;
  readonly nameServers: readonly string[];
  readonly acceleratedRecovery?: string;
}

/** Answers of the account. A test changes what differs from an account that is ready. */
export interface AccountState {
  readonly regions: Record<string, string>;
  concurrency: number;
  unreserved?: number;
  publicAccess?: { BlockPublicPolicy: boolean; RestrictPublicBuckets: boolean };
  distributions: number;
  limits: Record<string, { value: number; count: number }>;
  /** Undefined if Service Quotas knows only the default. */
  certificateQuota?: number;
  certificates: number;
  zones: Record<string, FakeZone>;
  credentialsExpired: boolean;
  /** IAM actions that are denied. */
  denied: readonly string[];
}

/** Name servers of the zones of the tests. */
export const NAME_SERVERS = ["ns-1.awsdns-01.org", "ns-2.awsdns-02.com"];

/** Returns an account that is ready for every stack. */
export function readyAccount(): AccountState {
  return {
    regions: { "eu-west-1": "ENABLED_BY_DEFAULT", "ap-southeast-1": "ENABLED_BY_DEFAULT" },
    concurrency: 1000,
    distributions: 1,
    limits: {
      MAX_HEALTH_CHECKS_BY_OWNER: { value: 200, count: 3 },
      MAX_HOSTED_ZONES_BY_OWNER: { value: 500, count: 2 },
    },
    certificateQuota: 2500,
    certificates: 4,
    zones: {
      Z1: { name: "tickets.test", nameServers: NAME_SERVERS, acceleratedRecovery: "ENABLED" },
    },
    credentialsExpired: false,
    denied: [],
  };
}

/** Response of an operation. */
interface Answer {
  readonly status?: number;
  /** JSON, or XML as text. */
  readonly body: object | string;
}

/** Endpoint for the read-only calls of all services that `npm run preflight` makes, in the protocols of AWS. */
export class FakeAccount {
  state = readyAccount();
  /** IAM actions of the calls so far. */
  readonly actions = new Set<string>();
  url = "";
  private readonly server: Server = createServer((request, response) => void this.handle(request, response));

  async start(): Promise<void> {
    this.url = `http://127.0.0.1:${await listen(this.server, { port: 0, purpose: "an AWS account" })}`;
  }

  close(): Promise<void> {
    return closeServer(this.server);
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = "";
    for await (const chunk of request.setEncoding("utf8") as AsyncIterable<string>) body += chunk;
    const { action, isXml, answer } = this.operation(request, body);
    if (action !== undefined) this.actions.add(action);
    const isDenied = action !== undefined && this.state.denied.includes(action);
    const { status = 200, body: content } = isDenied
      ? error(isXml, 403, isXml ? "AccessDenied" : "AccessDeniedException")
      : answer();
    const type = isXml ? "text/xml" : "application/x-amz-json-1.1";
    response.writeHead(status, { "content-type": type });
    response.end(typeof content === "string" ? content : JSON.stringify(content));
  }

  /** @returns no action for a call that needs no permission. */
  private operation(
    { method, url = "", headers }: IncomingMessage,
    body: string,
  ): { readonly action?: string; readonly isXml: boolean; readonly answer: () => Answer } {
    const { pathname, searchParams } = new URL(url, this.url);
    const target = String(headers["x-amz-target"] ?? "").split(".")[1];
    const { state } = this;
    if (body.includes("GetCallerIdentity")) return { isXml: true, answer: () => this.identity() };
    if (pathname === "/listRegions")
      return { action: "account:ListRegions", isXml: false, answer: () => this.regionsPage(body) };
    if (pathname === "/2016-08-19/account-settings") {
      const { concurrency, unreserved = concurrency } = state;
      const AccountLimit = { ConcurrentExecutions: concurrency, UnreservedConcurrentExecutions: unreserved };
      return {
        action: "lambda:GetAccountSettings",
        isXml: false,
        answer: () => ({ body: { AccountLimit } }),
      };
    }
    if (pathname === "/v20180820/configuration/publicAccessBlock")
      return { action: "s3:GetAccountPublicAccessBlock", isXml: true, answer: () => this.publicAccess() };
    if (pathname === "/2020-05-31/distribution")
      return { action: "cloudfront:ListDistributions", isXml: true, answer: () => this.distributionList() };
    if (target === "ListCertificates") {
      const list = Array.from({ length: state.certificates }, (_, index) => ({
        CertificateArn: `arn-${index}`,
      }));
      return {
        action: "acm:ListCertificates",
        isXml: false,
        answer: () => ({ body: { CertificateSummaryList: list } }),
      };
    }
    if (target === "GetServiceQuota")
      return {
        action: "servicequotas:GetServiceQuota",
        isXml: false,
        answer: () =>
          state.certificateQuota === undefined
            ? error(false, 400, "NoSuchResourceException")
            : { body: { Quota: { Value: state.certificateQuota } } },
      };
    if (target === "GetAWSDefaultServiceQuota")
      return {
        action: "servicequotas:GetAWSDefaultServiceQuota",
        isXml: false,
        answer: () => ({ body: { Quota: { Value: 2500 } } }),
      };
    const [, limit] = /^\/2013-04-01\/accountlimit\/(\w+)$/.exec(pathname) ?? [];
    if (limit) return { action: "route53:GetAccountLimit", isXml: true, answer: () => this.limit(limit) };
    const [, zone] = /^\/2013-04-01\/hostedzone\/(\w+)$/.exec(pathname) ?? [];
    if (zone) return { action: "route53:GetHostedZone", isXml: true, answer: () => this.zone(zone) };
    if (pathname === "/2013-04-01/hostedzonesbyname")
      return {
        action: "route53:ListHostedZonesByName",
        isXml: true,
        answer: () => this.zonesFrom(searchParams.get("dnsname") ?? ""),
      };
    throw new Error(`${method} ${url} ${target} is not a call that preflight makes.`);
  }

  private identity(): Answer {
    if (this.state.credentialsExpired) return error(true, 403, "ExpiredToken");
    const Arn = "arn:aws:iam::123456789012:user/operator";
    return {
      body: `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
        <Arn>${Arn}</Arn><UserId>AIDA</UserId><Account>123456789012</Account>
        </GetCallerIdentityResult></GetCallerIdentityResponse>`,
    };
  }

  /** One region per page. */
  private regionsPage(body: string): Answer {
    const all = Object.entries(this.state.regions);
    const index = Number((JSON.parse(body || "{}") as { NextToken?: string }).NextToken ?? 0);
    const page = all.slice(index, index + 1);
    return {
      body: {
        Regions: page.map(([RegionName, RegionOptStatus]) => ({ RegionName, RegionOptStatus })),
        ...(index + 1 < all.length && { NextToken: String(index + 1) }),
      },
    };
  }

  private publicAccess(): Answer {
    const { publicAccess } = this.state;
    if (!publicAccess) return error(true, 404, "NoSuchPublicAccessBlockConfiguration");
    const members = Object.entries(publicAccess).map(([name, value]) => `<${name}>${value}</${name}>`);
    return { body: `<PublicAccessBlockConfiguration>${members.join("")}</PublicAccessBlockConfiguration>` };
  }

  private distributionList(): Answer {
    const items = "<DistributionSummary><Id>E1</Id></DistributionSummary>".repeat(this.state.distributions);
    return {
      body: `<DistributionList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Marker></Marker>
        <MaxItems>1</MaxItems><IsTruncated>false</IsTruncated><Quantity>${this.state.distributions}</Quantity>
        ${items && `<Items>${items}</Items>`}</DistributionList>`,
    };
  }

  private limit(type: string): Answer {
    const { value, count } = this.state.limits[type];
    return {
      body: `<GetAccountLimitResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/">
        <Limit><Type>${type}</Type><Value>${value}</Value></Limit><Count>${count}</Count></GetAccountLimitResponse>`,
    };
  }

  private zone(id: string): Answer {
    if (!Object.hasOwn(this.state.zones, id)) return error(true, 404, "NoSuchHostedZone");
    const { nameServers, isPrivate } = this.state.zones[id];
    const servers = nameServers.map((name) => `<NameServer>${name}</NameServer>`).join("");
    return {
      body: `<GetHostedZoneResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/">${this.zoneXml(id)}
        ${isPrivate ? "" : `<DelegationSet><NameServers>${servers}</NameServers></DelegationSet>`}</GetHostedZoneResponse>`,
    };
  }

  /** Like Route 53, lists the zones from a name on, not only those of the name. */
  private zonesFrom(name: string): Answer {
    const ids = Object.keys(this.state.zones).filter((id) => this.state.zones[id].name >= name);
    return {
      body: `<ListHostedZonesByNameResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/">
        <HostedZones>${ids.map((id) => this.zoneXml(id)).join("")}</HostedZones><IsTruncated>false</IsTruncated>
        <MaxItems>100</MaxItems></ListHostedZonesByNameResponse>`,
    };
  }

  private zoneXml(id: string): string {
    const { name, isPrivate = false, acceleratedRecovery } = this.state.zones[id];
    const features =
      acceleratedRecovery &&
      `<Features><AcceleratedRecoveryStatus>${acceleratedRecovery}</AcceleratedRecoveryStatus></Features>`;
    return `<HostedZone><Id>/hostedzone/${id}</Id><Name>${name}.</Name><CallerReference>1</CallerReference>
      <Config><PrivateZone>${isPrivate}</PrivateZone></Config>${features ?? ""}</HostedZone>`;
  }
}

function error(isXml: boolean, status: number, code: string): Answer {
  const message = "Refused by the test.";
  if (!isXml) return { status, body: { __type: code, message } };
  return {
    status,
    body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
  };
}
