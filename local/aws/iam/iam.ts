import { createHash } from "node:crypto";
import { expectInputs } from "../inputs";
import {
  ACCOUNT,
  arnOf,
  type DeclaredResource,
  type LocalService,
  type CreatedResource,
  type ResourceHandler,
} from "../resource";
import type { RequestContext } from "./conditions";
import { CredentialStore, type Credentials, type Principal } from "./credentials";
import { evaluate } from "./evaluate";
import { parsePolicy, type Statement } from "./policy";

export type { Credentials, Principal } from "./credentials";

/** Whether a role may do something; a refusal says who, what and on what, in IAM's words. */
export type Decision = { readonly allowed: true } | { readonly allowed: false; readonly reason: string };

interface Role {
  readonly arn: string;
  readonly trust: readonly Statement[];
  readonly policies: Map<string, { statements: readonly Statement[]; size: number }>;
}

/** Characters, without white space, that all inline policies of a role may have together (IAM quota). */
const INLINE_POLICY_QUOTA = 10_240;

const USE_ROLE_POLICY = "Attach an aws.iam.RolePolicy to the role instead.";

/** IAM: roles with inline policies, the credentials of those who act in a role, and the decision on each of their calls. */
export class LocalIam implements LocalService {
  readonly resourceHandlers: Readonly<Record<string, ResourceHandler>> = {
    "aws:iam/role:Role": (resource) => this.makeRole(resource),
    "aws:iam/rolePolicy:RolePolicy": (resource) => this.makeRolePolicy(resource),
  };

  private readonly roles = new Map<string, Role>();
  private readonly credentials = new CredentialStore();

  /**
   * Credentials for a function that runs in a role; the same principal gets the same credentials again.
   * @throws Error when there is no such role, or its trust policy does not let lambda.amazonaws.com assume it.
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
   * Whether a role's trust policy lets an AWS service, such as `scheduler.amazonaws.com`, take the role.
   * @param context condition keys of the request.
   * @throws Error when there is no such role, or a condition cannot be judged.
   */
  mayAssume(roleArn: string, service: string, context: RequestContext = {}): boolean {
    const role = this.roleByArn(roleArn);
    const principal = { type: "Service", value: service } as const;
    return (
      evaluate(role.trust, { action: "sts:AssumeRole", resource: role.arn, principal, context }) === "allowed"
    );
  }

  /** Whose access key this is; undefined for a key that was not issued here. */
  principalOf(accessKeyId: string): Principal | undefined {
    return this.credentials.principalOf(accessKeyId);
  }

  /**
   * Whether a role's inline policies allow an action on a resource.
   * @param context condition keys of the request; those of the principal are added here.
   * @throws Error when there is no such role, or a condition cannot be judged.
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

  private async makeRole(resource: DeclaredResource): Promise<CreatedResource> {
    const honoured = ["name", "path", "assumeRolePolicy"];
    const harmless = ["description", "tags", "forceDetachPolicies", "maxSessionDuration", "region"];
    expectInputs(resource, [...honoured, ...harmless], {
      managedPolicyArns: USE_ROLE_POLICY,
      inlinePolicies: USE_ROLE_POLICY,
    });
    const name: string = resource.inputs.name ?? resource.physicalName;
    if (!/^[\w+=,.@-]{1,64}$/.test(name))
      throw new Error(
        `The role name ${JSON.stringify(name)} must be 1 to 64 letters, digits or any of _+=,.@- long.`,
      );
    if (this.roles.has(name)) throw new Error(`EntityAlreadyExists: role with name ${name} already exists.`);
    const trust = parsePolicy(resource.inputs.assumeRolePolicy, "trust", `the trust policy of role ${name}`);
    const arn = arnOf("iam", "", `role${resource.inputs.path ?? "/"}${name}`);
    this.roles.set(name, { arn, trust, policies: new Map() });
    return { id: name, outputs: { name, arn, id: name, uniqueId: uniqueIdOf(arn) } };
  }

  private async makeRolePolicy(resource: DeclaredResource): Promise<CreatedResource> {
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
    if (role?.arn !== arn) throw new Error(`There is no role ${arn}; make it before it is used.`);
    return role;
  }
}

function sizeOf(document: unknown): number {
  const text = typeof document === "string" ? document : JSON.stringify(document);
  return text.replace(/\s/g, "").length;
}

/** A role's unique id in IAM's form, `AROA` and 17 characters, the same for the same ARN. */
function uniqueIdOf(roleArn: string): string {
  return `AROA${createHash("sha256").update(roleArn).digest("hex").slice(0, 17).toUpperCase()}`;
}
