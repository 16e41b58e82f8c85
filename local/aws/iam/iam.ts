import { ACCOUNT, type LocalService } from "../resource";
import type { RequestContext } from "./conditions";
import { CredentialStore, type Credentials, type Principal } from "./credentials";
import type { Evaluation } from "./decision-log";
import { evaluate } from "./evaluate";
import type { Statement } from "./policy";
import { roleHandler } from "./role-handler";
import { rolePolicyHandler } from "./role-policy-handler";
import { Roles } from "./roles";

export type { Credentials, Principal } from "./credentials";

/** Decision on a request. The reason of a denial has IAM's wording: role, action and resource. */
export type Decision = { readonly allowed: true } | { readonly allowed: false; readonly reason: string };

/** IAM: roles with inline policies, credentials for principals, and the decision on each of their calls. */
export class LocalIam implements LocalService {
  private readonly roles = new Roles();
  readonly resourceHandlers: LocalService["resourceHandlers"] = {
    "aws:iam/role:Role": roleHandler(this.roles),
    "aws:iam/rolePolicy:RolePolicy": rolePolicyHandler(this.roles),
  };

  private readonly credentials = new CredentialStore();

  /** @param onEvaluation receives each decision on a call. */
  constructor(private readonly onEvaluation?: (evaluation: Evaluation) => void) {}

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
    const role = this.roles.byArn(roleArn);
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
   * Decides whether a role's inline policies allow an action on a resource, and the policy of the resource does not deny it. Within an
   * account, the allow of the role suffices: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
   * @param context condition keys of the request, without those of the principal.
   * @param resourcePolicy statements of the policy of the resource; none without one.
   * @throws Error if there is no such role, or a condition cannot be evaluated.
   */
  authorize(
    roleArn: string,
    action: string,
    resourceArn: string,
    context: RequestContext = {},
    resourcePolicy: readonly Statement[] = [],
  ): Decision {
    const role = this.roles.byArn(roleArn);
    const statements = [...role.policies.values()].flatMap((policy) => policy.statements);
    const request = {
      action,
      resource: resourceArn,
      context: { "aws:PrincipalArn": roleArn, "aws:PrincipalAccount": ACCOUNT, ...context },
    };
    const verdict = evaluate(statements, request);
    const principal = { type: "AWS", value: roleArn } as const;
    let denial: { readonly deniedBy: Evaluation["deniedBy"]; readonly because: string } | undefined;
    if (verdict === "explicitly-denied")
      denial = { deniedBy: "role", because: "with an explicit deny in an identity-based policy" };
    else if (verdict === "not-allowed")
      denial = { deniedBy: "role", because: `because no identity-based policy allows the ${action} action` };
    else if (evaluate(resourcePolicy, { ...request, principal }) === "explicitly-denied")
      denial = { deniedBy: "resource", because: "with an explicit deny in a resource-based policy" };
    this.onEvaluation?.({
      roleArn,
      ...request,
      allowed: !denial,
      ...(denial && { deniedBy: denial.deniedBy }),
    });
    if (!denial) return { allowed: true };
    return {
      allowed: false,
      reason: `${roleArn} is not authorized to perform: ${action} on resource: ${resourceArn} ${denial.because}`,
    };
  }

  async close(): Promise<void> {
    this.roles.clear();
  }
}
