import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Region } from "../config";
import { REVALIDATE } from "../regional/ui-files";
import { RegionalApp } from "../regional/regional-app";

/** What a page's configuration needs. */
export interface UiConfigArgs {
  /** The app whose page is configured. */
  readonly app: RegionalApp;
  /** The apps of all regions, in the order in which the page knows them. */
  readonly apps: readonly RegionalApp[];
  /** URL of the API's failover name; absent without a domain. */
  readonly failoverUrl?: string;
}

/** The `config.json` beside a region's page: where it was served from, and the APIs it may use. */
export class UiConfig extends pulumi.ComponentResource {
  constructor(name: string, { app, apps, failoverUrl }: UiConfigArgs, opts: pulumi.ComponentResourceOptions) {
    super("tickets:global:PageConfig", name, {}, opts);

    const content = pulumi.jsonStringify({
      region: nameAndCode(app.region),
      apis: apps.map(({ region, api }) => ({ ...nameAndCode(region), url: api.url })),
      failoverUrl,
    });
    new aws.s3.BucketObjectv2(
      name,
      {
        bucket: app.ui.bucket.id,
        key: "config.json",
        content,
        contentType: "application/json",
        cacheControl: REVALIDATE,
      },
      { parent: this },
    );

    this.registerOutputs();
  }
}

function nameAndCode({ name, code }: Region): Region {
  return { name, code };
}
