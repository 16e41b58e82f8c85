import { X509Certificate } from "node:crypto";
import { expectInputs, expectOneOf, expectParts, idOf, inputError } from "../inputs";
import { arnOf, type DeclaredResource, type CreatedResource } from "../resource";
import type { Api, CertificateStore, CustomDomain } from "./model";

/**
 * Ids of the Route 53 hosted zones of API Gateway's regional endpoints, by region.
 * See "Amazon API Gateway endpoints and quotas", https://docs.aws.amazon.com/general/latest/gr/apigateway.html
 */
const HOSTED_ZONE_IDS: Readonly<Record<string, string>> = {
  "af-south-1": "Z2DHW2332DAMTN",
  "ap-east-1": "Z3FD1VL90ND7K5",
  "ap-northeast-1": "Z1YSHQZHG15GKL",
  "ap-northeast-2": "Z20JF4UZKIW1U8",
  "ap-northeast-3": "Z22ILHG95FLSZ2",
  "ap-south-1": "Z3VO1THU9YC4UR",
  "ap-southeast-1": "ZL327KTPIQFUL",
  "ap-southeast-2": "Z2RPCDW04V8134",
  "ca-central-1": "Z19DQILCV0OWEC",
  "eu-central-1": "Z1U9ULNL0V5AJ3",
  "eu-north-1": "Z3UWIKFBOOGXPP",
  "eu-south-1": "Z3BT4WSQ9TDYZV",
  "eu-west-1": "ZLY8HYME6SFDD",
  "eu-west-2": "ZJ5UAJN8Y3Z2Q",
  "eu-west-3": "Z3KY65QIEKYHQQ",
  "me-south-1": "Z20ZBPC0SS8806",
  "sa-east-1": "ZCMLWB8V5SYIT",
  "us-east-1": "Z1UJRXOUMOOFQ8",
  "us-east-2": "ZOJJZC49E0EPZ",
  "us-west-1": "Z2MUQ32089INYE",
  "us-west-2": "Z2OJLYMUO9EFXC",
};

/**
 * Reads an `aws:apigatewayv2/domainName:DomainName`. Its certificate must be issued in the same region and cover the name.
 * See "Set up custom domain names for HTTP APIs",
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-custom-domain-names.html
 * @throws Error that names an input that is not supported.
 */
export function readDomain(resource: DeclaredResource, acm: CertificateStore): CustomDomain {
  const { inputs, region } = resource;
  const configuration = inputs.domainNameConfiguration ?? {};
  expectInputs(resource, ["domainName", "domainNameConfiguration", "tags", "region"]);
  expectParts(resource, "domainNameConfiguration", configuration, [
    "certificateArn",
    "endpointType",
    "securityPolicy",
    "ipAddressType",
  ]);
  const expect = (name: string, allowed: readonly unknown[]): void =>
    expectOneOf(`domainNameConfiguration.${name}`, configuration[name], allowed);
  expect("endpointType", ["REGIONAL"]);
  expect("securityPolicy", ["TLS_1_2"]);
  expect("ipAddressType", ["ipv4", "dualstack", undefined]);
  const name = String(inputs.domainName).toLowerCase();
  const certificateArn = String(configuration.certificateArn);
  checkCertificate(resource, acm, name, certificateArn);
  return { name, region, certificateArn, mappings: new Map() };
}

/**
 * Outputs of a custom domain, as the provider returns them.
 * @throws Error when the hosted zone of API Gateway in this region is unknown.
 */
export function domainOutputs(resource: DeclaredResource, domain: CustomDomain): CreatedResource {
  const { inputs, region } = resource;
  return {
    id: domain.name,
    outputs: {
      domainName: domain.name,
      arn: arnOf("apigateway", region, `/domainnames/${domain.name}`),
      apiMappingSelectionExpression: "$request.basepath",
      routingMode: "API_MAPPING_ONLY",
      domainNameConfiguration: {
        ipAddressType: "ipv4",
        ...inputs.domainNameConfiguration,
        targetDomainName: `d-${idOf(resource, 10)}.execute-api.${region}.amazonaws.com`,
        hostedZoneId: hostedZoneIdOf(region),
      },
      region,
    },
  };
}

/**
 * Creates an `aws:apigatewayv2/apiMapping:ApiMapping`, which maps the domain to a stage.
 * @param domain undefined when the region has no custom domain of the resource's domain name.
 * @throws Error that names an input that is not supported.
 */
export function addApiMapping(
  resource: DeclaredResource,
  api: Api,
  domain: CustomDomain | undefined,
): CreatedResource {
  const { inputs, region } = resource;
  expectInputs(resource, ["apiId", "domainName", "stage", "apiMappingKey", "region"]);
  if (!domain) throw inputError("domainName", `${inputs.domainName} is not a custom domain of ${region}.`);
  const stage = api.stages.get(inputs.stage);
  if (!stage) throw inputError("stage", `the API has no stage ${JSON.stringify(inputs.stage)}.`);
  const key: string = inputs.apiMappingKey ?? "";
  if (domain.mappings.has(key))
    throw inputError("apiMappingKey", `${domain.name} already has a mapping for ${JSON.stringify(key)}.`);
  domain.mappings.set(key, { api, stage });
  return { id: idOf(resource, 6), outputs: { region } };
}

function checkCertificate(
  resource: DeclaredResource,
  acm: CertificateStore,
  name: string,
  arn: string,
): void {
  const input = "domainNameConfiguration.certificateArn";
  const [, , , certificateRegion] = arn.split(":");
  if (certificateRegion !== resource.region)
    throw inputError(
      input,
      `${arn} is not a certificate of ${resource.region}; a regional domain needs one of its own region.`,
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

/**
 * Returns the hosted zone id for an alias record of a regional custom domain.
 * @throws Error when the region is not in the list.
 */
function hostedZoneIdOf(region: string): string {
  const zoneId = HOSTED_ZONE_IDS[region];
  if (!zoneId)
    throw new Error(`The hosted zone of API Gateway in ${region} is unknown; add it to domain-resources.ts.`);
  return zoneId;
}
