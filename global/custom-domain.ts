import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { TicketApi } from "../regional/ticket-api";

/** Arguments of a custom domain. */
export interface CustomDomainArgs {
  /** Host name, such as `api.tickets.example.com`. */
  readonly hostName: string;
  readonly api: TicketApi;
  /** ARN of a certificate in the same region that covers the host name. */
  readonly certificateArn: pulumi.Input<string>;
}

/** Target of an alias record. */
export interface AliasTarget {
  readonly name: pulumi.Output<string>;
  readonly zoneId: pulumi.Output<string>;
}

/** Custom domain name of the API of one region, with TLS 1.2, IPv4 and IPv6. */
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
    // The target resolves after the mapping, because an unmapped name returns 403.
    const configuration = pulumi
      .all([domain.domainNameConfiguration, mapping.id])
      .apply(([{ targetDomainName, hostedZoneId }]) => ({ targetDomainName, hostedZoneId }));
    this.target = { name: configuration.targetDomainName, zoneId: configuration.hostedZoneId };

    this.registerOutputs({ target: this.target });
  }
}
