import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { HealthCheckTiming, Region } from "../config";
import { AliasTarget } from "./custom-domain";
import { RegionalChecks, regionalChecks } from "./regional-checks";

/** Arguments of a regional name. */
export interface RegionalNameArgs {
  readonly region: Region;
  /** Host name, such as `ireland.tickets.example.com`. */
  readonly hostName: string;
  readonly target: AliasTarget;
  readonly zoneId: pulumi.Input<string>;
  readonly timing: HealthCheckTiming;
}

/** Name that always resolves to one region, with the health checks of that region. */
export class RegionalName extends pulumi.ComponentResource {
  readonly checks: RegionalChecks;

  constructor(name: string, args: RegionalNameArgs, opts: pulumi.ComponentResourceOptions) {
    super("tickets:global:RegionalName", name, {}, opts);

    const records = this.createRecords(name, args);
    const { region, hostName, timing } = args;
    this.checks = regionalChecks(name, { region, hostName, timing }, { parent: this, dependsOn: records });

    this.registerOutputs({ checks: this.checks });
  }

  private createRecords(name: string, { hostName, target, zoneId }: RegionalNameArgs): aws.route53.Record[] {
    return (["A", "AAAA"] as const).map(
      (type) =>
        new aws.route53.Record(
          `${name}-${type.toLowerCase()}`,
          { zoneId, name: hostName, type, aliases: [{ ...target, evaluateTargetHealth: false }] },
          { parent: this },
        ),
    );
  }
}
