import type { DeclaredResource, ResourceHandler } from "../resource";
import { parsePolicy } from "./policy";
import type { Roles } from "./roles";

/** In terraform-provider-aws at 02f97af. */
const SOURCE = "internal/service/iam/role_policy.go";

/** Maximum number of characters, without white space, of all inline policies of a role together (IAM quota). */
const INLINE_POLICY_QUOTA = 10_240;

/**
 * Handler of `aws:iam/rolePolicy:RolePolicy`. PutRolePolicy overwrites a policy of the same name, so no name is taken.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
 */
export function rolePolicyHandler(roles: Roles): ResourceHandler {
  return {
    updatable: ["policy"],
    replacing: { name: `${SOURCE}:49`, role: `${SOURCE}:75` },
    autoName: { input: "name", maxLength: 128 },

    async create({ inputs }) {
      put(roles, inputs);
      return { id: `${inputs.role}:${inputs.name}`, outputs: outputsOf(inputs) };
    },

    async read({ id }) {
      const { role, name } = parseId(id);
      const policy = roles.find(role)?.policies.get(name);
      return policy && { id, inputs: policy.inputs, outputs: outputsOf(policy.inputs) };
    },

    async update(_, inputs) {
      put(roles, inputs);
      return outputsOf(inputs);
    },

    async delete({ id }) {
      const { role, name } = parseId(id);
      roles.find(role)?.policies.delete(name);
    },
  };
}

/** @throws Error that starts with NoSuchEntity, MalformedPolicyDocument or LimitExceeded; the role is unchanged then. */
function put(roles: Roles, inputs: DeclaredResource["inputs"]): void {
  const { name, role: roleName, policy: document } = inputs;
  if (!/^[\w+=,.@-]{1,128}$/.test(name))
    throw new Error(
      `The policy name ${JSON.stringify(name)} must have 1 to 128 characters: letters, digits and _+=,.@-.`,
    );
  const { policies } = roles.get(roleName);
  const statements = parsePolicy(document, "identity", `policy ${name} of role ${roleName}`);
  const size = sizeOf(document);
  const others = [...policies].filter(([other]) => other !== name);
  const total = others.reduce((sum, [, policy]) => sum + policy.size, size);
  if (total > INLINE_POLICY_QUOTA)
    throw new Error(
      `LimitExceeded: the inline policies of role ${roleName} have ${total} characters; the quota is ${INLINE_POLICY_QUOTA}.`,
    );
  policies.set(name, { statements, size, inputs });
}

/** Parses `<role>:<policy>`; no role name contains a colon. */
function parseId(id: string): { readonly role: string; readonly name: string } {
  const [role, ...name] = id.split(":");
  return { role, name: name.join(":") };
}

function outputsOf({ name, role }: DeclaredResource["inputs"]): Record<string, unknown> {
  return { name, role };
}

function sizeOf(document: unknown): number {
  const text = typeof document === "string" ? document : JSON.stringify(document);
  return text.replace(/\s/g, "").length;
}
