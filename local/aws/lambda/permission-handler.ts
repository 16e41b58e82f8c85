import type { DeclaredResource, ResourceHandler } from "../resource";
import { functionArnOf, qualifierOf } from "./function-arn";
import type { FunctionPolicy } from "./function-policy";

/** In terraform-provider-aws at 04592f0. */
const SOURCE = "internal/service/lambda/permission.go";

/**
 * Handler of `aws:lambda/permission:Permission`. Every input replaces. The replacement is created with a statement id of its own
 * before the old statement is removed, so that the principal may invoke the function throughout.
 * @param policyOf returns the policy of a function, or of a version or alias of it; undefined if there is none of that name.
 */
export function permissionHandler(
  policyOf: (functionArn: string, qualifier: string | undefined) => FunctionPolicy | undefined,
): ResourceHandler {
  const find = ({
    region,
    inputs,
  }: Pick<DeclaredResource, "region" | "inputs">): FunctionPolicy | undefined =>
    policyOf(functionArnOf(inputs.function, region), inputs.qualifier ?? qualifierOf(inputs.function));
  return {
    updatable: [],
    replacing: {
      action: `${SOURCE}:52`,
      function: `${SOURCE}:64`,
      principal: `${SOURCE}:81`,
      qualifier: `${SOURCE}:91`,
      region: "internal/provider/sdkv2/region.go: forceNewIfRegionChanges",
      sourceAccount: `${SOURCE}:97`,
      sourceArn: `${SOURCE}:103`,
      statementId: `${SOURCE}:110`,
    },
    autoName: { input: "statementId", maxLength: 100 },

    async create(resource) {
      const { inputs, name, region } = resource;
      if (!["lambda:InvokeFunction", "lambda:*"].includes(inputs.action))
        throw new Error(`Permission ${name}: action must be lambda:InvokeFunction, not ${inputs.action}.`);
      const policy = find(resource);
      if (!policy)
        throw new Error(
          `ResourceNotFoundException: Permission ${name}: there is no function ${inputs.function}` +
            `${inputs.qualifier ? ` with the version or alias ${inputs.qualifier}` : ""} in ${region}.`,
        );
      policy.add(inputs);
      return { id: inputs.statementId, outputs: { statementId: inputs.statementId } };
    },

    async read(resource) {
      const [functionName, statementId] = resource.id.split("/");
      // An import names both, because the id of a permission is unique only in its function.
      const isImport = statementId !== undefined;
      if (!isImport && resource.inputs.function === undefined)
        throw new Error(
          `Unexpected format of ID (${resource.id}), expected FUNCTION_NAME/STATEMENT_ID or FUNCTION_NAME:QUALIFIER/STATEMENT_ID.`,
        );
      const id = isImport ? statementId : resource.id;
      const policy = isImport
        ? policyOf(functionArnOf(functionName, resource.region), qualifierOf(functionName))
        : find(resource);
      const inputs = policy?.find(id);
      return inputs && { id, inputs, outputs: { statementId: id } };
    },

    async update({ name }) {
      throw new Error(`Permission ${name} cannot be changed in place; every input replaces it.`);
    },

    async delete(resource) {
      find(resource)?.remove(resource.id);
    },
  };
}
