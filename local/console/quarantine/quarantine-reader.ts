import type { S3Client } from "@aws-sdk/client-s3";
import type { RegionAddresses } from "../../addresses";
import { localClientConfig } from "../../aws/local-client";
import type { Regions } from "../../aws/regions";
import type { LocalSqs } from "../../aws/sqs/sqs";
import { RouteError } from "../http/route";
import {
  messageContent,
  objectContent,
  type QuarantinedContent,
  type QuarantinedEntry,
} from "./quarantined-entry";

/** Records of a region that replication could not apply. */
export interface RegionQuarantine {
  /** Region alias. */
  readonly region: string;
  /** Why the records cannot be read; undefined if they can. */
  readonly problem: string | undefined;
  /** Number of messages and objects, also of those that are not listed. */
  readonly total: number;
  /** The first messages and objects. */
  readonly entries: readonly QuarantinedEntry[];
}

/** Reads what is in quarantine. It receives no message, so it hides none from the operator's command. */
export interface QuarantineReader {
  read(region: string): Promise<RegionQuarantine>;
  /**
   * Returns a message or object with its whole record; undefined if there is none any more.
   * @throws RouteError 503 while the region is stopped.
   */
  content(region: string, id: string): Promise<QuarantinedContent | undefined>;
}

/** Maximum number of listed messages, and of listed objects. */
const [MAXIMUM_MESSAGES, MAXIMUM_OBJECTS] = [100, 20];
/** Prefix under which Lambda and the replication function store objects; see `functions/replication/quarantined-record.ts`. */
const PREFIX = "aws/lambda/";

/** Reads the queues and failure buckets of the local cloud. */
export class LocalQuarantine implements QuarantineReader {
  private readonly clients = new Map<string, S3Client>();

  constructor(
    private readonly regions: Pick<Regions, "byName">,
    private readonly sqs: Pick<LocalSqs, "messages">,
    /** Returns the current addresses by region alias. */
    private readonly addresses: () => Readonly<Record<string, RegionAddresses>>,
  ) {}

  async read(region: string): Promise<RegionQuarantine> {
    if (this.isDown(region)) return { region, problem: `${region} is stopped.`, total: 0, entries: [] };
    try {
      const [messages, keys] = [await this.messages(region), await this.keys(region)];
      const listed = messages.slice(0, MAXIMUM_MESSAGES).map(({ entry }) => entry);
      const objects = await Promise.all(
        keys.slice(0, MAXIMUM_OBJECTS).map((key) => this.object(region, key)),
      );
      const entries = [...listed, ...objects.flatMap((found) => (found ? [found.entry] : []))];
      return { region, problem: undefined, total: messages.length + keys.length, entries };
    } catch (error) {
      return { region, problem: (error as Error).message, total: 0, entries: [] };
    }
  }

  async content(region: string, id: string): Promise<QuarantinedContent | undefined> {
    const stopped = `${region} is stopped. Start the region to read its quarantine.`;
    if (this.isDown(region)) throw new RouteError(503, stopped);
    try {
      if (id.startsWith(PREFIX)) return await this.object(region, id);
      return (await this.messages(region)).find(({ entry }) => entry.id === id);
    } catch (error) {
      // The region was stopped in the meantime.
      throw this.isDown(region) ? new RouteError(503, stopped) : error;
    }
  }

  private isDown(region: string): boolean {
    return this.regions.byName(region).state === "down";
  }

  private async messages(region: string): Promise<QuarantinedContent[]> {
    const { code, quarantineQueue } = this.addresses()[region];
    const messages = await this.sqs.messages(code, quarantineQueue);
    return messages.map(({ id, body, sentAt, isHidden }) =>
      messageContent({ id, text: body, at: sentAt, isHidden }),
    );
  }

  /** Returns the keys of up to 1,000 objects. */
  private async keys(region: string): Promise<string[]> {
    const { ListObjectsV2Command } = await import("@aws-sdk/client-s3");
    const client = await this.client(region);
    const { failureBucket: Bucket } = this.addresses()[region];
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket, Prefix: PREFIX }));
    return Contents.flatMap(({ Key }) => Key ?? []);
  }

  private async object(region: string, Key: string): Promise<QuarantinedContent | undefined> {
    const { GetObjectCommand } = await import("@aws-sdk/client-s3");
    const client = await this.client(region);
    const { failureBucket: Bucket } = this.addresses()[region];
    try {
      const { Body, LastModified } = await client.send(new GetObjectCommand({ Bucket, Key }));
      const text = (await Body?.transformToString()) ?? "";
      return objectContent({ id: Key, text, at: LastModified?.getTime() ?? 0, isHidden: false });
    } catch (error) {
      // A redrive has removed it in the meantime.
      if ((error as Error).name === "NoSuchKey") return undefined;
      throw error;
    }
  }

  private async client(region: string): Promise<S3Client> {
    const { code, s3: endpoint } = this.addresses()[region];
    const known = this.clients.get(endpoint);
    if (known) return known;
    // Loaded on first use, because most runs never need it.
    const { S3Client } = await import("@aws-sdk/client-s3");
    const client = new S3Client({ ...localClientConfig({ region: code, endpoint }), forcePathStyle: true });
    this.clients.set(endpoint, client);
    return client;
  }
}
