import { expectOneOf, idOf, inputError } from "../inputs";
import type { DeclaredResource, ResourceHandler } from "../resource";
import type { Apis } from "./apis";
import type { Authorizer } from "./model";
import { expectUnused } from "./route-resource";
import { discover } from "./signing-keys";

type Inputs = DeclaredResource["inputs"];

/** Names under which an issuer on this machine may be reached without TLS. */
const LOOPBACK = /^http:\/\/(127(\.\d{1,3}){3}|localhost)(:\d+)?(\/|$)/;

/**
 * Handler of `aws:apigatewayv2/authorizer:Authorizer` for JWTs. Its issuer must respond when it is created or gets another issuer. An
 * authorizer that a route refers to cannot be deleted.
 */
export function authorizerHandler(apis: Apis): ResourceHandler {
  const outputs = (region: string) => ({ region });
  return {
    updatable: [
      ...["authorizerType", "identitySources", "name"],
      ...["audiences", "issuer"].map((field) => `jwtConfiguration.${field}`),
    ],
    unordered: ["identitySources", "jwtConfiguration.audiences"],
    replacing: {
      apiId: "internal/service/apigatewayv2/authorizer.go: ForceNew of api_id",
      region: "internal/provider/sdkv2/region.go:110",
    },
    autoName: { input: "name", maxLength: 128 },
    create: async (resource) => {
      const { inputs, region } = resource;
      const { authorizers } = apis.get(region, inputs.apiId);
      const authorizer = readAuthorizer(idOf(resource, 6), inputs);
      checkName(authorizer, [...authorizers.values()]);
      await discover(authorizer.issuer);
      authorizers.set(authorizer.id, authorizer);
      return { id: authorizer.id, outputs: outputs(region) };
    },
    read: async ({ id, region, inputs }) => {
      const authorizer = apis.find(region, inputs.apiId)?.authorizers.get(id);
      return authorizer && { id, inputs: authorizer.inputs, outputs: outputs(region) };
    },
    update: async ({ id, region, inputs: { apiId } }, inputs) => {
      const { authorizers } = apis.get(region, apiId);
      const previous = authorizers.get(id);
      if (!previous) throw new Error(`NotFoundException: Invalid Authorizer identifier specified: ${id}.`);
      const authorizer = readAuthorizer(id, inputs);
      checkName(
        authorizer,
        [...authorizers.values()].filter((other) => other !== previous),
      );
      if (authorizer.issuer !== previous.issuer) await discover(authorizer.issuer);
      authorizers.set(id, authorizer);
      return outputs(region);
    },
    delete: async ({ id, region, inputs }) => {
      const api = apis.find(region, inputs.apiId);
      if (!api) return;
      // On AWS, the provider repeats the request for 30 minutes.
      expectUnused(api, `Authorizer ${id}`, ({ authorizerId }) => authorizerId === id);
      api.authorizers.delete(id);
    },
  };
}

function readAuthorizer(id: string, inputs: Inputs): Authorizer {
  expectOneOf("authorizerType", inputs.authorizerType, ["JWT"]);
  const { issuer, audiences } = inputs.jwtConfiguration ?? {};
  if (!audiences?.length)
    throw inputError("jwtConfiguration.audiences", "BadRequestException: give at least one audience.");
  return { id, inputs, issuer: issuerOf(issuer), audiences, identityHeader: identityHeaderOf(inputs) };
}

/** An issuer needs `https://`: https://github.com/awsdocs/amazon-api-gateway-developer-guide/issues/79. Here, one on this machine does not. */
function issuerOf(issuer: unknown): string {
  if (typeof issuer === "string" && (issuer.startsWith("https://") || LOOPBACK.test(issuer))) return issuer;
  throw inputError(
    "jwtConfiguration.issuer",
    `BadRequestException: Invalid issuer: ${JSON.stringify(issuer)}. Give a URL that begins with https://.`,
  );
}

/** Returns the name of the header with the token, in lower case. */
function identityHeaderOf({ identitySources }: Inputs): string {
  const [source, ...others] = (identitySources ?? []) as string[];
  const [, header] = /^\$request\.header\.([\w-]+)$/.exec(source ?? "") ?? [];
  if (!header || others.length > 0)
    throw inputError(
      "identitySources",
      `${JSON.stringify(identitySources)} is not emulated here; it must be one header, such as ["$request.header.Authorization"].`,
    );
  return header.toLowerCase();
}

function checkName({ inputs }: Authorizer, others: readonly Authorizer[]): void {
  if (others.some((other) => other.inputs.name === inputs.name))
    throw inputError(
      "name",
      `ConflictException: the API already has an authorizer ${JSON.stringify(inputs.name)}.`,
    );
}
