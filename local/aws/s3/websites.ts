import { createServer, type Server } from "node:http";
import { isDeepStrictEqual } from "node:util";
import { type Frontend, upgrade } from "../frontend";
import { closeServer, listenInRegion } from "../listen";
import type { Log } from "../log";
import type { Regions } from "../regions";
import type { DeclaredResource } from "../resource";
import type { LocalFauxqs } from "../sqs/fauxqs";
import type { Bucket } from "./bucket";
import type { BucketSetting } from "./bucket-settings";
import { Website, type WebsiteConfiguration } from "./website";

type Inputs = DeclaredResource["inputs"];

/** URL of a website bucket. */
export interface WebsiteUrl {
  readonly bucket: string;
  /** AWS code. */
  readonly region: string;
  readonly url: string;
}

/** Dependencies and settings of {@link Websites}. */
export interface WebsitesOptions {
  readonly fauxqs: Pick<LocalFauxqs, "inject">;
  readonly regions: Regions;
  readonly log: Log;
  /** Usual port of a region by its AWS code, for one website at a time; 0 or absent for any. */
  readonly websitePorts?: Readonly<Record<string, number>>;
  /** Returns the server that answers in place of every website; undefined without one. */
  readonly frontend?: () => Frontend | undefined;
}

interface RunningWebsite {
  readonly website: Website;
  readonly server: Server;
  readonly region: string;
  readonly address: string;
}

/** HTTP servers of the website buckets. */
export class Websites {
  private readonly running = new Map<string, RunningWebsite>();
  /** Bucket that uses the usual port, by region. */
  private readonly usualPorts = new Map<string, string>();

  constructor(private readonly options: WebsitesOptions) {}

  /** `aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration`. An update keeps the server and its connections. */
  readonly setting: BucketSetting = {
    updatable: ["errorDocument.key", "indexDocument.suffix"],
    replacing: {
      bucket: "internal/service/s3/bucket_website_configuration.go:48",
      expectedBucketOwner: "internal/service/s3/bucket_website_configuration.go:67",
    },
    put: async (bucket, inputs) => {
      const configuration = configurationOf(inputs);
      const running = this.running.get(bucket.name) ?? (await this.start(bucket, configuration));
      running.website.configuration = configuration;
    },
    outputs: ({ name }) => {
      const address = this.running.get(name)?.address;
      return { websiteEndpoint: address, websiteDomain: address };
    },
    current: ({ name }, declared) => {
      const configuration = this.running.get(name)?.website.configuration;
      if (!configuration || isDeepStrictEqual(configuration, configurationOf(declared)))
        return configuration && declared;
      const { indexDocument, errorDocument } = configuration;
      return {
        ...declared,
        indexDocument: { suffix: indexDocument },
        errorDocument: errorDocument === undefined ? undefined : { key: errorDocument },
      };
    },
    remove: ({ name }) => this.remove(name),
  };

  /** URLs of the website buckets, in the order of their creation. */
  urls(): WebsiteUrl[] {
    return [...this.running].map(([bucket, { region, address }]) => ({
      bucket,
      region,
      url: `http://${address}`,
    }));
  }

  /** Stops the website of a bucket, if there is one, and frees its port. */
  async remove(bucket: string): Promise<void> {
    const website = this.running.get(bucket);
    if (!website) return;
    await closeServer(website.server);
    this.running.delete(bucket);
    this.freeUsualPort(website.region, bucket);
  }

  /** Stops all websites. */
  async close(): Promise<void> {
    await Promise.all([...this.running.keys()].map((bucket) => this.remove(bucket)));
  }

  /** Serves a website at `127.0.0.1:port`, without a scheme, as AWS's endpoints; the program adds `http://`. */
  private async start(bucket: Bucket, configuration: WebsiteConfiguration): Promise<RunningWebsite> {
    const { fauxqs, regions, log, websitePorts, frontend } = this.options;
    const website = new Website(fauxqs, bucket, configuration);
    const server = createServer((request, response) => {
      const current = frontend?.();
      const handler = current?.serves(request) ? current : website;
      handler.handle(request, response).catch((error: Error) => {
        log("s3", `Website ${bucket.name}: the request for ${request.url} failed: ${error.message}`);
        if (response.headersSent) response.destroy();
        else response.writeHead(500, { "content-type": "text/plain" }).end(error.message);
      });
    });
    // With a listener Node.js no longer ignores the wish of a client for another protocol, such as HTTP/2.
    if (frontend) server.on("upgrade", (request, socket, head) => upgrade(frontend(), request, socket, head));
    const { name, region } = bucket;
    // Reserved before the server listens, because websites start at the same time.
    if (!this.usualPorts.has(region)) this.usualPorts.set(region, name);
    const port = this.usualPorts.get(region) === name ? (websitePorts?.[region] ?? 0) : 0;
    try {
      const options = { port, purpose: `the website ${name} in ${region}` };
      const address = `127.0.0.1:${await listenInRegion(server, regions, region, options)}`;
      const running = { website, server, region, address };
      this.running.set(name, running);
      return running;
    } catch (error) {
      this.freeUsualPort(region, name);
      throw error;
    }
  }

  private freeUsualPort(region: string, bucket: string): void {
    if (this.usualPorts.get(region) === bucket) this.usualPorts.delete(region);
  }
}

/** Reads a website configuration. @throws Error without an index document. */
function configurationOf(inputs: Inputs): WebsiteConfiguration {
  const indexDocument: unknown = inputs.indexDocument?.suffix;
  if (typeof indexDocument !== "string" || indexDocument === "" || indexDocument.includes("/"))
    throw new Error(
      `indexDocument.suffix is ${JSON.stringify(indexDocument)}; it must be a name without a slash.`,
    );
  return { indexDocument, errorDocument: inputs.errorDocument?.key };
}
