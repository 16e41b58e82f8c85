import { arnOf, type DeclaredResource, type ReadResource, type ResourceHandler } from "../resource";
import { parsePolicy, type Statement } from "./policy";
import type { Role, Roles } from "./roles";

/** In terraform-provider-aws at 0040ea6. */
const SOURCE = "internal/service/iam/role.go";

const USE_ROLE_POLICY = "Attach an aws.iam.RolePolicy to the role instead.";

/** Handler of `aws:iam/role:Role`. */
export function roleHandler(roles: Roles): ResourceHandler {
  return {
    updatable: [
      "assumeRolePolicy",
      "description",
      "forceDetachPolicies",
      "maxSessionDuration",
      "tags",
      "tagsAll",
    ],
    replacing: { name: `${SOURCE}:132`, path: `${SOURCE}:148` },
    remedies: { managedPolicyArns: USE_ROLE_POLICY, inlinePolicies: USE_ROLE_POLICY },
    autoName: { input: "name", maxLength: 64 },

    async create({ inputs }) {
      const { name } = inputs;
      if (!/^[\w+=,.@-]{1,64}$/.test(name))
        throw new Error(
          `The role name ${JSON.stringify(name)} must have 1 to 64 characters: letters, digits and _+=,.@-.`,
        );
      const trust = trustOf(name, inputs);
      const role = roles.add({
        name,
        arn: arnOf("iam", "", `role${inputs.path ?? "/"}${name}`),
        trust,
        inputs,
      });
      return { id: name, outputs: outputsOf(role) };
    },

    async read({ id }): Promise<ReadResource | undefined> {
      const role = roles.find(id);
      return role && { id, inputs: role.inputs, outputs: outputsOf(role) };
    },

    async update({ id }, inputs) {
      const role = roles.get(id);
      role.trust = trustOf(id, inputs);
      role.inputs = inputs;
      return outputsOf(role);
    },

    /** The provider deletes inline policies of others only with `forceDetachPolicies`: DeleteRole in role.go. */
    async delete({ id, inputs }) {
      const role = roles.find(id);
      if (!role) return;
      if (role.policies.size > 0 && !inputs.forceDetachPolicies)
        throw new Error(
          `DeleteConflict: Cannot delete entity, must delete policies first. Role ${id} has the inline policies ` +
            `${[...role.policies.keys()].join(", ")}; delete them, or set forceDetachPolicies.`,
        );
      roles.remove(role);
    },
  };
}

function trustOf(name: string, { assumeRolePolicy }: DeclaredResource["inputs"]): Statement[] {
  return parsePolicy(assumeRolePolicy, "trust", `the trust policy of role ${name}`);
}

function outputsOf({ name, arn, uniqueId }: Role): Record<string, unknown> {
  return { name, arn, id: name, uniqueId };
}
