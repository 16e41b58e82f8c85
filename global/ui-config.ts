import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Region } from "../config";
import { REVALIDATE } from "../regional/ui-files";
import { RegionalApp } from "../regional/regional-app";

/** Arguments of the web UI configuration. */
export interface UiConfigArgs {
  /** App whose web UI is configured. */
  readonly app: RegionalApp;
  /** Apps of all regions, in the order used by the web UI. */
  readonly apps: readonly RegionalApp[];
  /** URL of the failover name of the API; absent without a domain. */
  readonly failoverUrl?: string;
}

/** `config.json` in the UI bucket of a region, its last file: the region of the bucket and the URLs of all APIs. */
export class UiConfig extends pulumi.ComponentResource {
  constructor(name: string, { app, apps, failoverUrl }: UiConfigArgs, opts: pulumi.ComponentResourceOptions) {
    super("tickets:global:PageConfig", name, {}, opts);

    const content = pulumi.jsonStringify({
      region: nameAndCode(app.region),
      apis: apps.map(({ region, api }) => ({ ...nameAndCode(region), url: api.url })),
      failoverUrl,
    });
    const file = new aws.s3.BucketObjectv2(
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

    app.ui.keepVersions(file);

    this.registerOutputs();
  }
}

function nameAndCode({ name, code }: Region): Region {
  return { name, code };
}
