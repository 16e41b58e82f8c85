import { createHash } from "node:crypto";
import { expectInputs } from "../inputs";
import {
  ACCOUNT,
  arnOf,
  type DeclaredResource,
  type LocalService,
  type CreatedResource,
  createOnly,
} from "../resource";
import type { RequestContext } from "./conditions";
import { CredentialStore, type Credentials, type Principal } from "./credentials";
import { evaluate } from "./evaluate";
import { parsePolicy, type Statement } from "./policy";

export type { Credentials, Principal } from "./credentials";

/** Decision on a request. The reason of a denial has IAM's wording: role, action and resource. */
export type Decision = { readonly allowed: true } | { readonly allowed: false; readonly reason: string };

interface Role {
  readonly arn: string;
  readonly trust: readonly Statement[];
  readonly policies: Map<string, { statements: readonly Statement[]; size: number }>;
}

/** Maximum number of characters, without white space, of all inline policies of a role together (IAM quota). */
const INLINE_POLICY_QUOTA = 10_240;

const USE_ROLE_POLICY = "Attach an aws.iam.RolePolicy to the role instead.";

/** IAM: roles with inline policies, credentials for principals, and the decision on each of their calls. */
export class LocalIam implements LocalService {
  readonly resourceHandlers: LocalService["resourceHandlers"] = createOnly({
    "aws:iam/role:Role": (resource) => this.createRole(resource),
    "aws:iam/rolePolicy:RolePolicy": (resource) => this.createRolePolicy(resource),
  });

  private readonly roles = new Map<string, Role>();
  private readonly credentials = new CredentialStore();

  /**
   * Issues credentials for a function that runs in a role. The same principal always gets the same credentials.
   * @throws Error if there is no such role, or its trust policy does not allow lambda.amazonaws.com to assume it.
   */
  issueCredentials(principal: Principal): Credentials {
    if (!this.mayAssume(principal.roleArn, "lambda.amazonaws.com"))
      throw new Error(
        `The role ${principal.roleArn} of ${principal.name} cannot be assumed by Lambda: ` +
          'its trust policy must allow sts:AssumeRole to {"Service": "lambda.amazonaws.com"}.',
      );
    return this.credentials.issue(principal);
  }

  /**
   * Returns whether a role's trust policy allows an AWS service, such as `scheduler.amazonaws.com`, to assume the role.
   * @param context condition keys of the request.
   * @throws Error if there is no such role, or a condition cannot be evaluated.
   */
  mayAssume(roleArn: string, service: string, context: RequestContext = {}): boolean {
    const role = this.roleByArn(roleArn);
    const principal = { type: "Service", value: service } as const;
    return (
      evaluate(role.trust, { action: "sts:AssumeRole", resource: role.arn, principal, context }) === "allowed"
    );
  }

  /** Returns the principal of an access key, or undefined for an unknown key. */
  principalOf(accessKeyId: string): Principal | undefined {
    return this.credentials.principalOf(accessKeyId);
  }

  /**
   * Decides whether a role's inline policies allow an action on a resource.
   * @param context condition keys of the request, without those of the principal.
   * @throws Error if there is no such role, or a condition cannot be evaluated.
   */
  authorize(roleArn: string, action: string, resourceArn: string, context: RequestContext = {}): Decision {
    const role = this.roleByArn(roleArn);
    const statements = [...role.policies.values()].flatMap((policy) => policy.statements);
    const verdict = evaluate(statements, {
      action,
      resource: resourceArn,
      context: { "aws:PrincipalArn": roleArn, "aws:PrincipalAccount": ACCOUNT, ...context },
    });
    if (verdict === "allowed") return { allowed: true };
    const because =
      verdict === "explicitly-denied"
        ? "with an explicit deny in an identity-based policy"
        : `because no identity-based policy allows the ${action} action`;
    return {
      allowed: false,
      reason: `${roleArn} is not authorized to perform: ${action} on resource: ${resourceArn} ${because}`,
    };
  }

  async close(): Promise<void> {
    this.roles.clear();
  }

  private async createRole(resource: DeclaredResource): Promise<CreatedResource> {
    const supported = ["name", "path", "assumeRolePolicy"];
    const harmless = ["description", "tags", "forceDetachPolicies", "maxSessionDuration", "region"];
    expectInputs(resource, [...supported, ...harmless], {
      managedPolicyArns: USE_ROLE_POLICY,
      inlinePolicies: USE_ROLE_POLICY,
    });
    const name: string = resource.inputs.name ?? resource.physicalName;
    if (!/^[\w+=,.@-]{1,64}$/.test(name))
      throw new Error(
        `The role name ${JSON.stringify(name)} must have 1 to 64 characters: letters, digits and _+=,.@-.`,
      );
    if (this.roles.has(name)) throw new Error(`EntityAlreadyExists: role with name ${name} already exists.`);
    const trust = parsePolicy(resource.inputs.assumeRolePolicy, "trust", `the trust policy of role ${name}`);
    const arn = arnOf("iam", "", `role${resource.inputs.path ?? "/"}${name}`);
    this.roles.set(name, { arn, trust, policies: new Map() });
    return { id: name, outputs: { name, arn, id: name, uniqueId: uniqueIdOf(arn) } };
  }

  private async createRolePolicy(resource: DeclaredResource): Promise<CreatedResource> {
    expectInputs(resource, ["name", "role", "policy", "region"]);
    const name: string = resource.inputs.name ?? resource.physicalName;
    const roleName: string = resource.inputs.role;
    const role = this.roles.get(roleName);
    if (!role) throw new Error(`NoSuchEntity: the role with name ${roleName} cannot be found.`);
    const document: unknown = resource.inputs.policy;
    const statements = parsePolicy(document, "identity", `policy ${name} of role ${roleName}`);
    role.policies.set(name, { statements, size: sizeOf(document) });
    const total = [...role.policies.values()].reduce((sum, policy) => sum + policy.size, 0);
    if (total > INLINE_POLICY_QUOTA)
      throw new Error(
        `LimitExceeded: the inline policies of role ${roleName} have ${total} characters; the quota is ${INLINE_POLICY_QUOTA}.`,
      );
    return { id: `${roleName}:${name}`, outputs: { name, role: roleName } };
  }

  private roleByArn(arn: string): Role {
    const role = this.roles.get(arn.slice(arn.lastIndexOf("/") + 1));
    if (role?.arn !== arn) throw new Error(`There is no role ${arn}; create it before it is used.`);
    return role;
  }
}

function sizeOf(document: unknown): number {
  const text = typeof document === "string" ? document : JSON.stringify(document);
  return text.replace(/\s/g, "").length;
}

/** Unique id of a role in IAM's format, `AROA` and 17 characters, derived from the ARN. */
function uniqueIdOf(roleArn: string): string {
  return `AROA${createHash("sha256").update(roleArn).digest("hex").slice(0, 17).toUpperCase()}`;
}
