import * as pulumi from "@pulumi/pulumi";
import { Region } from "../config";
import { PageBucket } from "./page-bucket";
import { TicketApi } from "./ticket-api";
import { TicketTable } from "./ticket-table";

/** What a regional app needs. */
export interface RegionalAppArgs {
  readonly region: Region;
  /** The folder of the built page. */
  readonly pageFolder: string;
  /** Whether Pulumi and AWS refuse to delete the table. */
  readonly protectData: boolean;
  readonly logRetentionDays: number;
}

/** Everything one region needs to serve alone. The provider decides the region. */
export class RegionalApp extends pulumi.ComponentResource {
  readonly region: Region;
  readonly table: TicketTable;
  readonly api: TicketApi;
  readonly page: PageBucket;

  constructor(name: string, args: RegionalAppArgs, opts: pulumi.ComponentResourceOptions) {
    super("tickets:regional:RegionalApp", name, {}, opts);
    const { region, pageFolder, protectData, logRetentionDays } = args;

    this.region = region;
    this.table = new TicketTable(`${name}-tickets`, { protectData }, { parent: this });
    this.api = new TicketApi(
      `${name}-api`,
      { region, table: this.table, logRetentionDays },
      { parent: this },
    );
    this.page = new PageBucket(`${name}-page`, { folder: pageFolder }, { parent: this });

    this.registerOutputs({ table: this.table, api: this.api, page: this.page });
  }
}
