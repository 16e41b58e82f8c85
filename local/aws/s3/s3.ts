import { createServer, type Server } from "node:http";
import type { LocalFauxqs } from "../sqs/fauxqs";
import { expectInputs } from "../inputs";
import { closeServer, listenInRegion } from "../listen";
import type { Log } from "../log";
import type { Regions } from "../regions";
import {
  arnOf,
  type DeclaredResource,
  type LocalService,
  type CreatedResource,
  createOnly,
} from "../resource";
import { newBucket, type Bucket } from "./bucket";
import { checkBucketName, setPolicy, setPublicAccessBlock, websiteConfigurationOf } from "./bucket-resources";
import { OBJECT_INPUTS, putObject } from "./objects";
import { getRestObject, type RestResponse, type RestRequest } from "./rest";
import { Website } from "./website";

/** URL of a website bucket. */
export interface WebsiteUrl {
  readonly bucket: string;
  /** AWS code. */
  readonly region: string;
  readonly url: string;
}

/** Dependencies and settings of {@link LocalS3}. */
export interface LocalS3Options {
  readonly fauxqs: LocalFauxqs;
  readonly regions: Regions;
  readonly log: Log;
  /** Port of the first website bucket, by region's AWS code; 0 or absent for any. */
  readonly websitePorts?: Readonly<Record<string, number>>;
}

/** Resources with settings of a bucket that have no effect here. */
const ACCEPTED_SETTINGS = [
  "bucketOwnershipControls:BucketOwnershipControls",
  "bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "bucketVersioning:BucketVersioning",
  "bucketLifecycleConfiguration:BucketLifecycleConfiguration",
];

/** Inputs of an object that have no effect here. */
const IGNORED_OBJECT_INPUTS = [
  "bucketKeyEnabled",
  "checksumAlgorithm",
  "etag",
  "forceDestroy",
  "kmsKeyId",
  "region",
  "serverSideEncryption",
  "sourceHash",
  "tags",
];

/** Emulation of S3: buckets and objects in memory, and an HTTP server for each website bucket. */
export class LocalS3 implements LocalService {
  readonly resourceHandlers: LocalService["resourceHandlers"] = createOnly({
    "aws:s3/bucket:Bucket": (resource) => this.createBucket(resource),
    "aws:s3/bucketObjectv2:BucketObjectv2": (resource) => this.createObject(resource),
    "aws:s3/bucketPolicy:BucketPolicy": async (resource) => setPolicy(this.bucketOf(resource), resource),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": async (resource) =>
      setPublicAccessBlock(this.bucketOf(resource), resource),
    "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration": (resource) =>
      this.createWebsite(resource),
    ...Object.fromEntries(
      ACCEPTED_SETTINGS.map((type) => [
        `aws:s3/${type}`,
        async (resource: DeclaredResource) => ({ id: this.bucketOf(resource).name, outputs: {} }),
      ]),
    ),
  });

  private readonly buckets = new Map<string, Bucket>();
  private readonly websites = new Map<string, { region: string; url: string; server: Server }>();
  private readonly regionsWithWebsite = new Set<string>();

  constructor(private readonly options: LocalS3Options) {}

  /** Base URL of a region's S3, which checks no credentials. @throws Error for an unknown region. */
  endpoint(region: string): string {
    return this.options.fauxqs.endpoint(region);
  }

  /** URLs of the website buckets, in the order of their creation. */
  websiteUrls(): WebsiteUrl[] {
    return [...this.websites].map(([bucket, { region, url }]) => ({ bucket, region, url }));
  }

  /**
   * Returns the number of objects in a bucket.
   * @param prefix limits the count to keys that begin with it.
   * @throws Error when the bucket does not exist.
   */
  async objectCount(bucketArn: string, prefix = ""): Promise<number> {
    const { name, region } = this.bucketNamed(bucketArn.slice(arnOf("s3", "", "").length));
    const parameters = { "list-type": "2", prefix, "max-keys": String(Number.MAX_SAFE_INTEGER) };
    const url = `/${name}?${new URLSearchParams(parameters)}`;
    const { body } = await this.options.fauxqs.inject(region, { method: "GET", url });
    return Number(/<KeyCount>(\d+)<\/KeyCount>/.exec(body)?.[1]);
  }

  /**
   * Sends a GET over TLS to the bucket behind a regional domain name, which may have been deleted. Returns undefined while its region
   * is down.
   * @param domainName `<bucket>.s3.<region>.amazonaws.com`.
   * @throws Error when a condition of the bucket's policy cannot be evaluated.
   */
  async get(domainName: string, request: RestRequest): Promise<RestResponse | undefined> {
    const bucket = this.behind(domainName);
    const isReached = !bucket || this.options.regions.reaches(undefined, bucket.region);
    return isReached ? getRestObject(this.options.fauxqs, bucket, request) : undefined;
  }

  /** Returns the bucket of a name, in whichever region it is, or undefined when there is none. */
  findBucket(name: string): Bucket | undefined {
    return this.buckets.get(name);
  }

  /** Returns the bucket behind a regional domain name. @throws Error when there is none. */
  bucketAt(domainName: string): Bucket {
    const found = this.behind(domainName);
    if (!found) throw new Error(`NoSuchBucket: there is no bucket at ${domainName}.`);
    return found;
  }

  /** Stops the websites. Does not close fauxqs, which holds the objects; its owner does. */
  async close(): Promise<void> {
    await Promise.all([...this.websites.values()].map(({ server }) => closeServer(server)));
    this.websites.clear();
  }

  private behind(domainName: string): Bucket | undefined {
    return [...this.buckets.values()].find((bucket) => regionalDomainName(bucket) === domainName);
  }

  private async createBucket(resource: DeclaredResource): Promise<CreatedResource> {
    const remedy = "Use the separate resource, such as aws.s3.BucketVersioning.";
    const separate = ["acl", "corsRules", "lifecycleRules", "logging", "policy", "versioning", "website"];
    expectInputs(
      resource,
      ["bucket", "forceDestroy", "region", "tags"],
      Object.fromEntries(separate.map((input) => [input, remedy])),
    );
    const name: string = resource.inputs.bucket ?? resource.physicalName;
    const { region } = resource;
    checkBucketName(name);
    if (this.buckets.has(name)) throw new Error(`BucketAlreadyExists: the bucket ${name} already exists.`);
    const bucket = newBucket(name, region);
    this.buckets.set(name, bucket);
    await this.options.fauxqs.inject(region, { method: "PUT", url: `/${name}` });
    return {
      id: name,
      outputs: {
        bucket: name,
        arn: arnOf("s3", "", name),
        region,
        bucketDomainName: `${name}.s3.amazonaws.com`,
        bucketRegionalDomainName: regionalDomainName(bucket),
      },
    };
  }

  private async createObject(resource: DeclaredResource): Promise<CreatedResource> {
    expectInputs(resource, [...OBJECT_INPUTS, ...IGNORED_OBJECT_INPUTS]);
    const bucket = this.bucketOf(resource);
    const key: string = resource.inputs.key ?? resource.name;
    const etag = await putObject(this.options.fauxqs, bucket.region, bucket.name, key, resource.inputs);
    const path = `${bucket.name}/${key}`;
    return { id: path, outputs: { bucket: bucket.name, key, etag, arn: arnOf("s3", "", path) } };
  }

  private async createWebsite(resource: DeclaredResource): Promise<CreatedResource> {
    const bucket = this.bucketOf(resource);
    const configuration = websiteConfigurationOf(resource);
    if (this.websites.has(bucket.name)) throw new Error(`The bucket ${bucket.name} is already a website.`);
    const address = await this.serve(bucket, new Website(this.options.fauxqs, bucket, configuration));
    return { id: bucket.name, outputs: { websiteEndpoint: address, websiteDomain: address } };
  }

  /** Serves a website. @returns `127.0.0.1:port`, without a scheme, as AWS's endpoints; the program adds `http://`. */
  private async serve(bucket: Bucket, website: Website): Promise<string> {
    const { regions, log, websitePorts } = this.options;
    const server = createServer((request, response) => {
      website.handle(request, response).catch((error: Error) => {
        log("s3", `Website ${bucket.name}: the request for ${request.url} failed: ${error.message}`);
        response.writeHead(500, { "content-type": "text/plain" }).end(error.message);
      });
    });
    const isFirst = !this.regionsWithWebsite.has(bucket.region);
    this.regionsWithWebsite.add(bucket.region);
    const port = isFirst ? (websitePorts?.[bucket.region] ?? 0) : 0;
    const purpose = `the website ${bucket.name} in ${bucket.region}`;
    const address = `127.0.0.1:${await listenInRegion(server, regions, bucket.region, { port, purpose })}`;
    this.websites.set(bucket.name, { region: bucket.region, url: `http://${address}`, server });
    return address;
  }

  private bucketOf(resource: DeclaredResource): Bucket {
    return this.bucketNamed(resource.inputs.bucket);
  }

  private bucketNamed(name: string): Bucket {
    const bucket = this.buckets.get(name);
    if (!bucket) throw new Error(`NoSuchBucket: the bucket ${name} does not exist.`);
    return bucket;
  }
}

function regionalDomainName({ name, region }: Bucket): string {
  return `${name}.s3.${region}.amazonaws.com`;
}
