import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { TicketApi } from "../regional/ticket-api";

/** What a custom domain needs. */
export interface CustomDomainArgs {
  /** The full host name, such as `api.tickets.example.com`. */
  readonly hostName: string;
  readonly api: TicketApi;
  /** A certificate of the same region that covers the host name. */
  readonly certificateArn: pulumi.Input<string>;
}

/** What an alias record points to. */
export interface AliasTarget {
  readonly name: pulumi.Output<string>;
  readonly zoneId: pulumi.Output<string>;
}

/** A host name under which the API of one region answers, over TLS 1.2 and over IPv4 and IPv6. */
export class CustomDomain extends pulumi.ComponentResource {
  readonly target: AliasTarget;

  constructor(name: string, args: CustomDomainArgs, opts: pulumi.ComponentResourceOptions) {
    super("tickets:global:CustomDomain", name, {}, opts);
    const { hostName, api, certificateArn } = args;

    const domain = new aws.apigatewayv2.DomainName(
      name,
      {
        domainName: hostName,
        domainNameConfiguration: {
          certificateArn,
          endpointType: "REGIONAL",
          securityPolicy: "TLS_1_2",
          ipAddressType: "dualstack",
        },
      },
      { parent: this },
    );
    const mapping = new aws.apigatewayv2.ApiMapping(
      name,
      { apiId: api.api.id, domainName: domain.domainName, stage: api.stage.name },
      { parent: this },
    );
    // Nothing points to the name before it is mapped, or clients would be answered 403.
    const configuration = pulumi
      .all([domain.domainNameConfiguration, mapping.id])
      .apply(([{ targetDomainName, hostedZoneId }]) => ({ targetDomainName, hostedZoneId }));
    this.target = { name: configuration.targetDomainName, zoneId: configuration.hostedZoneId };

    this.registerOutputs({ target: this.target });
  }
}
