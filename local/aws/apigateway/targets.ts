import type { Api, CustomDomain, RequestTarget } from "./model";

/**
 * Finds the stage of a request to an API's own endpoint: the stage named by the first path segment, or else `$default`.
 * See "Create routes for HTTP APIs", https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export function targetOfApi(api: Api, path: string): RequestTarget | undefined {
  if (api.settings.executeApiDisabled) return undefined;
  const domainName = `${api.id}.execute-api.${api.region}.amazonaws.com`;
  const [, first] = path.split("/");
  const named = first === "$default" ? undefined : api.stages.get(first);
  if (named) return { api, stage: named, path: below(path, first), domainName };
  const stage = api.stages.get("$default");
  return stage && { api, stage, path, domainName };
}

/**
 * Finds the API and stage of a request to a custom domain: those of the longest API mapping key at the start of the path.
 * See "Map API stages to a custom domain name for HTTP APIs",
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-mappings.html
 */
export function targetOfDomain(domain: CustomDomain, path: string): RequestTarget | undefined {
  const mapping = [...domain.mappings.values()]
    .sort((one, other) => other.key.length - one.key.length)
    .find(({ key }) => key === "" || `${path}/`.startsWith(`/${key}/`));
  const stage = mapping?.api.stages.get(mapping.stageName);
  if (!mapping || !stage) return undefined;
  return { api: mapping.api, stage, path: below(path, mapping.key), domainName: domain.name };
}

function below(path: string, head: string): string {
  return (head === "" ? path : path.slice(head.length + 1)) || "/";
}
