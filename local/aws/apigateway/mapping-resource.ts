import { idOf, inputError } from "../inputs";
import type { DeclaredResource, ResourceHandler } from "../resource";
import type { Apis } from "./apis";
import type { CustomDomains } from "./custom-domains";
import type { Api, ApiMapping, CustomDomain } from "./model";

type Inputs = DeclaredResource["inputs"];

/**
 * Handler of `aws:apigatewayv2/apiMapping:ApiMapping`, which maps a path of a domain to a stage. A domain has one mapping of each
 * key. Pulumi creates a replacement before it deletes the old mapping, so a change of `apiId` is refused for that reason on AWS
 * too, unless the program sets `deleteBeforeReplace`:
 * https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1151
 */
export function mappingHandler(apis: Apis, domains: CustomDomains): ResourceHandler {
  return {
    updatable: ["stage", "apiMappingKey"],
    replacing: {
      apiId: "internal/service/apigatewayv2/api_mapping.go:29",
      domainName: "internal/service/apigatewayv2/api_mapping.go:38",
      region: "internal/provider/sdkv2/region.go:110",
    },
    create: async (resource) => {
      const { inputs, region } = resource;
      const api = apis.get(region, inputs.apiId);
      const domain = domains.get(region, inputs.domainName);
      const mapping = readMapping(idOf(resource, 6), inputs, api, domain);
      domain.mappings.set(mapping.id, mapping);
      return { id: mapping.id, outputs: { region } };
    },
    read: async ({ id, region, inputs }) => {
      const mapping = domains.find(region, inputs.domainName)?.mappings.get(id);
      return mapping && { id, inputs: mapping.inputs, outputs: { region } };
    },
    update: async ({ id, region, inputs: { apiId, domainName } }, inputs) => {
      const domain = domains.get(region, domainName);
      if (!domain.mappings.has(id))
        throw new Error(`NotFoundException: Invalid API mapping identifier specified: ${id}.`);
      domain.mappings.set(id, readMapping(id, inputs, apis.get(region, apiId), domain));
      return { region };
    },
    delete: async ({ id, region, inputs }) =>
      void domains.find(region, inputs.domainName)?.mappings.delete(id),
  };
}

function readMapping(id: string, inputs: Inputs, api: Api, domain: CustomDomain): ApiMapping {
  const stageName: string = inputs.stage;
  const key: string = inputs.apiMappingKey ?? "";
  if (!api.stages.has(stageName))
    throw inputError(
      "stage",
      `BadRequestException: Invalid stage identifier specified: the API has no stage ${JSON.stringify(stageName)}.`,
    );
  // The rule is AWS's own message: https://github.com/aws/aws-cdk/issues/9077. Slashes separate the parts of a key.
  if (!/^(?:[\w$\-.+!*'()]+(?:\/[\w$\-.+!*'()]+)*)?$/.test(key))
    throw inputError(
      "apiMappingKey",
      `BadRequestException: ${JSON.stringify(key)}: An ApiMapping key may contain only letters, numbers and one of $-_.+!*'()`,
    );
  // Observed: https://github.com/aws/aws-cdk/issues/22660
  if ([...domain.mappings.values()].some((other) => other.id !== id && other.key === key))
    throw inputError(
      "apiMappingKey",
      `ConflictException: ApiMapping key already exists for this domain name: ${domain.name} already has a mapping for ${JSON.stringify(key)}.`,
    );
  return { id, inputs, key, api, stageName };
}
