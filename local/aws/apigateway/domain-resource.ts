import { X509Certificate } from "node:crypto";
import { expectOneOf, idOf, inputError } from "../inputs";
import { arnOf, type CreatedResource, type DeclaredResource, type ResourceHandler } from "../resource";
import type { CustomDomains } from "./custom-domains";
import { hostedZoneIdOf } from "./hosted-zones";
import type { AliasRegistry, CertificateStore, CustomDomain } from "./model";

type Inputs = DeclaredResource["inputs"];

/** Dependencies of the handler of custom domains. */
export interface DomainDependencies {
  readonly domains: CustomDomains;
  readonly acm: CertificateStore;
  readonly route53: AliasRegistry;
}

/**
 * Handler of `aws:apigatewayv2/domainName:DomainName`. A name exists once in a region. A new certificate is used from the next
 * handshake on. A domain that is deleted takes its mappings with it (observed: https://github.com/aws/chalice/issues/1898).
 * See "Set up custom domain names for HTTP APIs",
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-custom-domain-names.html
 */
export function domainHandler({ domains, acm, route53 }: DomainDependencies): ResourceHandler {
  return {
    updatable: [
      "tags",
      ...["certificateArn", "endpointType", "securityPolicy", "ipAddressType"].map(
        (field) => `domainNameConfiguration.${field}`,
      ),
    ],
    replacing: {
      domainName: "internal/service/apigatewayv2/domain_name.go:65",
      region: "internal/provider/sdkv2/region.go:110",
    },
    create: async (resource) => {
      const { inputs, region } = resource;
      const name = String(inputs.domainName).toLowerCase();
      const zoneId = hostedZoneIdOf(region);
      const targetDomainName = `d-${idOf(resource, 10)}.execute-api.${region}.amazonaws.com`;
      const certificateArn = readCertificateArn(inputs, region, acm);
      const domain = { name, region, targetDomainName, inputs, certificateArn, mappings: new Map() };
      if (!domains.add(domain))
        throw inputError(
          "domainName",
          `ConflictException: The domain name you provided already exists: ${name} is already a custom domain of ${region}.`,
        );
      route53.registerAliasTarget({ name: targetDomainName, zoneId, region });
      return { id: name, outputs: outputsOf(domain) };
    },
    read: async ({ id, region }) => {
      const domain = domains.find(region, id);
      return domain && { id, inputs: domain.inputs, outputs: outputsOf(domain) };
    },
    update: async ({ id, region }, inputs) => {
      const domain = domains.get(region, id);
      const previous = domain.certificateArn;
      domain.certificateArn = readCertificateArn(inputs, region, acm);
      domain.inputs = inputs;
      if (domain.certificateArn !== previous) acm.endUse(previous, domainArn(domain));
      return outputsOf(domain);
    },
    delete: async ({ id, region }) => {
      const domain = domains.find(region, id);
      if (!domain) return;
      domains.remove(domain);
      acm.endUse(domain.certificateArn, domainArn(domain));
      route53.unregisterAliasTarget(domain.targetDomainName);
    },
  };
}

/** ARN of a custom domain. */
export function domainArn({ name, region }: Pick<CustomDomain, "name" | "region">): string {
  return arnOf("apigateway", region, `/domainnames/${name}`);
}

/** Outputs of a custom domain, as the provider returns them. */
function outputsOf({ name, region, targetDomainName, inputs }: CustomDomain): CreatedResource["outputs"] {
  return {
    domainName: name,
    arn: domainArn({ name, region }),
    apiMappingSelectionExpression: "$request.basepath",
    routingMode: "API_MAPPING_ONLY",
    domainNameConfiguration: {
      ipAddressType: "ipv4",
      ...inputs.domainNameConfiguration,
      targetDomainName,
      hostedZoneId: hostedZoneIdOf(region),
    },
    region,
  };
}

/**
 * Checks the configuration of a domain and returns the ARN of its certificate, which must be issued in the same region and cover
 * the name.
 */
function readCertificateArn(inputs: Inputs, region: string, acm: CertificateStore): string {
  const configuration = inputs.domainNameConfiguration ?? {};
  const expect = (name: string, allowed: readonly unknown[]): void =>
    expectOneOf(`domainNameConfiguration.${name}`, configuration[name], allowed);
  expect("endpointType", ["REGIONAL"]);
  expect("securityPolicy", ["TLS_1_2"]);
  expect("ipAddressType", ["ipv4", "dualstack", undefined]);
  const certificateArn = String(configuration.certificateArn);
  checkCertificate(region, acm, String(inputs.domainName).toLowerCase(), certificateArn);
  return certificateArn;
}

function checkCertificate(region: string, acm: CertificateStore, name: string, arn: string): void {
  const input = "domainNameConfiguration.certificateArn";
  const [, , , certificateRegion] = arn.split(":");
  if (certificateRegion !== region)
    throw inputError(
      input,
      `${arn} is not a certificate of ${region}; a regional domain needs one of its own region.`,
    );
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(acm.keyPairOf(arn).cert);
  } catch (error) {
    throw inputError(input, (error as Error).message);
  }
  if (certificate.checkHost(name) === undefined)
    throw inputError(input, `${arn} does not cover ${name}; it covers ${certificate.subjectAltName}.`);
}
