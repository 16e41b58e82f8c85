import type { CreatedResource, DeclaredResource, ExistingResource, ResourceHandler } from "../resource";
import { type DeployedFunction, type FunctionAlias, notFound } from "./deployed-function";
import { functionArnOf, invokeArnOf, qualified, qualifierOf } from "./function-arn";
import type { Functions } from "./functions";

/** In terraform-provider-aws at 029aff9. */
const SOURCE = "internal/service/lambda/alias.go";

/**
 * Handler of `aws:lambda/alias:Alias`, a name of one version of a function.
 * Source: https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html
 */
export function aliasHandler(functions: Pick<Functions, "find" | "putAlias">): ResourceHandler {
  const find = (arn: string): DeployedFunction | undefined => functions.find(arn);
  const owner = ({ region, inputs }: Pick<DeclaredResource, "region" | "inputs">): DeployedFunction => {
    const arn = functionArnOf(inputs.functionName, region);
    const found = find(arn);
    if (!found) throw notFound(arn);
    return found;
  };
  return {
    updatable: ["description", "functionVersion"],
    replacing: {
      functionName: `${SOURCE}:62`,
      name: `${SOURCE}:76`,
      region: "internal/provider/sdkv2/region.go: forceNewIfRegionChanges",
    },
    remedies: { routingConfig: "Omit it, or deploy to AWS: an alias has one version here." },
    autoName: { input: "name", maxLength: 128 },

    async create(resource) {
      const alias = aliasOf(resource);
      const found = owner(resource);
      const arn = qualified(found.arn, alias.name);
      if (found.findAlias(alias.name))
        throw new Error(`ResourceConflictException: Alias already exists: ${arn}`);
      functions.putAlias(found, alias);
      return { id: arn, outputs: outputsOf(found, alias) };
    },

    async read({ id, region, inputs }: ExistingResource) {
      // An import names function and alias.
      const [functionName, name] = id.startsWith("arn:") ? [id, qualifierOf(id)] : id.split("/");
      const found = find(functionArnOf(functionName, region));
      const alias = name === undefined ? undefined : found?.findAlias(name);
      if (!found || !alias) return undefined;
      const declared = { ...alias.inputs, functionName: inputs.functionName ?? alias.inputs.functionName };
      return { id: qualified(found.arn, alias.name), inputs: declared, outputs: outputsOf(found, alias) };
    },

    async update(existing, inputs) {
      const alias = aliasOf({ ...existing, inputs });
      const found = owner(existing);
      if (!found.findAlias(alias.name))
        throw new Error(`ResourceNotFoundException: Cannot find alias arn: ${existing.id}`);
      functions.putAlias(found, alias);
      return outputsOf(found, alias);
    },

    async delete({ region, inputs }) {
      find(functionArnOf(inputs.functionName, region))?.deleteAlias(inputs.name);
    },
  };
}

/** @throws Error that names the alias, the input and the allowed values. */
function aliasOf({ name: logicalName, inputs }: Pick<DeclaredResource, "name" | "inputs">): FunctionAlias {
  const { name, functionVersion } = inputs;
  const fail = (input: string, rule: string): never => {
    throw new Error(`Alias ${logicalName}: ${input} must ${rule}, not ${inputs[input]}.`);
  };
  if (!/^(?!\d+$)[\w-]{1,128}$/.test(name))
    fail("name", "have 1 to 128 characters, letters, digits and _-, and not only digits");
  if (!/^(\$LATEST|\d+)$/.test(functionVersion))
    fail("functionVersion", "be the number of a version or $LATEST");
  return { name, version: functionVersion, inputs };
}

function outputsOf({ arn }: DeployedFunction, { name }: FunctionAlias): CreatedResource["outputs"] {
  const aliasArn = qualified(arn, name);
  return { arn: aliasArn, invokeArn: invokeArnOf(aliasArn) };
}
