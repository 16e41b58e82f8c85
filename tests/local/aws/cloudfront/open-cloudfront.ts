import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { once } from "node:events";
import { LocalCloudFront, type LocalCloudFrontOptions } from "../../../../local/aws/cloudfront/cloudfront";
import { EDGE_ADDRESS } from "../../../../local/aws/cloudfront/model";
import type { ExistingResource } from "../../../../local/aws/resource";
import type { AliasTarget } from "../../../../local/aws/route53/alias-targets";
import { createCertificates, type TestCertificates } from "../apigateway/support/test-certificates";
import { createResource } from "../../support/create-resource";
import { openS3, type OpenS3 } from "../../support/open-s3";

export const ALIAS = "app.tickets.test";
export const OTHER_ALIAS = "other.tickets.test";
/** Certificate of `ALIAS`. */
const CERTIFICATE = "arn:aws:acm:us-east-1:000000000000:certificate/one";
/** Certificate of both aliases. */
export const WIDE_CERTIFICATE = "arn:aws:acm:us-east-1:000000000000:certificate/wide";

/** Inputs of a resource. */
type Inputs = Record<string, unknown>;

/** Response of the edge, with the body as received. */
export interface EdgeResponse {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** CloudFront and the S3 of two regions, with the resources that a program creates for a web UI. */
export class OpenCloudFront {
  readonly logged: string[] = [];
  readonly targets: AliasTarget[] = [];
  private count = 0;

  private constructor(
    readonly local: OpenS3,
    readonly cloudFront: LocalCloudFront,
    private readonly certificates: Readonly<Record<string, TestCertificates>>,
    logged: string[],
    targets: AliasTarget[],
  ) {
    this.logged = logged;
    this.targets = targets;
  }

  /** @param settings see `LocalCloudFrontOptions`. */
  static async open(
    settings: Pick<LocalCloudFrontOptions, "deploymentSeconds" | "secondMs"> = {},
  ): Promise<OpenCloudFront> {
    const local = await openS3();
    const certificates: Record<string, TestCertificates> = {
      [CERTIFICATE]: await createCertificates([ALIAS]),
      [WIDE_CERTIFICATE]: await createCertificates([ALIAS, OTHER_ALIAS]),
    };
    const logged: string[] = [];
    const targets: AliasTarget[] = [];
    const cloudFront = await LocalCloudFront.start({
      s3: local.s3,
      acm: {
        keyPairOf: (arn) => {
          if (arn in certificates) return certificates[arn];
          throw new Error(`There is no certificate ${arn}.`);
        },
        endUse: () => undefined,
      },
      route53: {
        registerAliasTarget: (target) => void targets.push(target),
        unregisterAliasTarget: (name) =>
          void targets.splice(
            targets.findIndex((target) => target.name === name),
            1,
          ),
      },
      log: (source, line) => void logged.push(`${source}: ${line}`),
      httpsPort: 0,
      httpPort: 0,
      ...settings,
    });
    return new OpenCloudFront(local, cloudFront, certificates, logged, targets);
  }

  async close(): Promise<void> {
    await this.cloudFront.close();
    await this.local.close();
  }

  /** @param name by default one that no other resource has. */
  make(type: string, inputs: Inputs, name = `it-${++this.count}`): Promise<ExistingResource> {
    return createResource(this.cloudFront, `aws:cloudfront/${type}`, inputs, { region: "us-east-1", name });
  }

  /** Creates a private bucket in each region. Returns their domain names by region alias. */
  async buckets(): Promise<Record<string, string>> {
    const domainNames: Record<string, string> = {};
    for (const { name, code } of this.local.regions.all()) {
      const { outputs } = await createResource(
        this.local.s3,
        "aws:s3/bucket:Bucket",
        { bucket: `${name}-page` },
        { region: code },
      );
      domainNames[name] = String(outputs.bucketRegionalDomainName);
    }
    return domainNames;
  }

  async put(
    bucket: string,
    key: string,
    content: string,
    contentType: string,
    cacheControl?: string,
  ): Promise<void> {
    const inputs = { bucket, key, content, contentType, cacheControl };
    await createResource(this.local.s3, "aws:s3/bucketObjectv2:BucketObjectv2", inputs);
  }

  /** Allows a distribution to read and list the objects of a bucket. */
  async allow(bucket: string, sourceArn: string): Promise<void> {
    const common = {
      Effect: "Allow",
      Principal: { Service: "cloudfront.amazonaws.com" },
      Condition: { StringEquals: { "AWS:SourceArn": sourceArn } },
    };
    const policy = {
      Statement: [
        { ...common, Action: "s3:GetObject", Resource: `arn:aws:s3:::${bucket}/*` },
        { ...common, Action: "s3:ListBucket", Resource: `arn:aws:s3:::${bucket}` },
        {
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: `arn:aws:s3:::${bucket}/*`,
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    };
    await createResource(this.local.s3, "aws:s3/bucketPolicy:BucketPolicy", {
      bucket,
      policy: JSON.stringify(policy),
    });
  }

  cachePolicy(inputs: Inputs = {}, parameters: Inputs = {}): Promise<ExistingResource> {
    return this.make("cachePolicy:CachePolicy", {
      minTtl: 0,
      defaultTtl: 60,
      maxTtl: 31_536_000,
      parametersInCacheKeyAndForwardedToOrigin: {
        cookiesConfig: { cookieBehavior: "none" },
        headersConfig: { headerBehavior: "none" },
        queryStringsConfig: { queryStringBehavior: "none" },
        enableAcceptEncodingGzip: true,
        enableAcceptEncodingBrotli: true,
        ...parameters,
      },
      ...inputs,
    });
  }

  originAccessControl(inputs: Inputs = {}): Promise<ExistingResource> {
    return this.make("originAccessControl:OriginAccessControl", {
      originAccessControlOriginType: "s3",
      signingBehavior: "always",
      signingProtocol: "sigv4",
      ...inputs,
    });
  }

  /** Inputs of a distribution of the buckets, in the order of the object's keys. */
  async distributionInputs(
    domainNames: Record<string, string>,
  ): Promise<Inputs & { defaultCacheBehavior: Inputs }> {
    const { id: cachePolicyId } = await this.cachePolicy();
    const { id: originAccessControlId } = await this.originAccessControl();
    const members = Object.keys(domainNames);
    return {
      enabled: true,
      aliases: [ALIAS],
      defaultRootObject: "index.html",
      httpVersion: "http2and3",
      isIpv6Enabled: true,
      priceClass: "PriceClass_All",
      restrictions: { geoRestriction: { restrictionType: "none" } },
      viewerCertificate: {
        acmCertificateArn: CERTIFICATE,
        minimumProtocolVersion: "TLSv1.2_2021",
        sslSupportMethod: "sni-only",
      },
      origins: members.map((originId) => ({
        originId,
        domainName: domainNames[originId],
        originAccessControlId,
        connectionAttempts: 1,
        connectionTimeout: 2,
      })),
      originGroups: [
        {
          originId: "both",
          members: members.map((originId) => ({ originId })),
          failoverCriteria: { statusCodes: [500, 502, 503, 504] },
        },
      ],
      defaultCacheBehavior: {
        targetOriginId: "both",
        allowedMethods: ["GET", "HEAD"],
        cachedMethods: ["GET", "HEAD"],
        viewerProtocolPolicy: "redirect-to-https",
        cachePolicyId,
        compress: true,
      },
    };
  }

  distribution(inputs: Inputs, name = "page"): Promise<ExistingResource> {
    return this.make("distribution:Distribution", inputs, name);
  }

  /** Certificates of the authorities that viewers trust, and of CloudFront itself. */
  get authorities(): string[] {
    return [...Object.values(this.certificates).map(({ ca }) => ca), this.cloudFront.defaultCertificate];
  }

  /** Sends a request to the edge as a viewer who has resolved the alias and trusts the local authority. */
  async ask(
    path: string,
    options: { method?: string; headers?: Record<string, string>; plain?: boolean; host?: string } = {},
  ): Promise<EdgeResponse> {
    const { method = "GET", headers = {}, plain = false, host = ALIAS } = options;
    const common = { host: EDGE_ADDRESS, path, method, headers: { host, ...headers }, agent: false as const };
    const outgoing = plain
      ? httpRequest({ ...common, port: this.cloudFront.httpPort })
      : httpsRequest({
          ...common,
          port: this.cloudFront.httpsPort,
          servername: host,
          ca: this.authorities,
        });
    outgoing.end();
    const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    return { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) };
  }
}
