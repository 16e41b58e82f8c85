import type { LocalIam, Principal } from "../iam/iam";
import type { Statement } from "../iam/policy";
import { arnOf } from "../resource";
import type { AwsRequest, PermissionMapper } from "./aws-request";
import { keyPermissions } from "./key-permissions";
import { accessDenied, ServiceError, type ServiceName } from "./service-errors";

/** Policies that decide on a call. */
export interface AuthorizationPolicies {
  readonly iam: Pick<LocalIam, "authorize">;
  /** Returns the policy of a queue or a bucket; undefined without one. */
  readonly resourcePolicyOf: (resourceArn: string) => readonly Statement[] | undefined;
}

/**
 * Checks that the role of a caller allows every action that a call requires, and that no policy of a resource denies one.
 * @throws ServiceError AccessDenied; ValidationException for a call that names nothing.
 */
export async function authorizeCall(
  { iam, resourcePolicyOf }: AuthorizationPolicies,
  service: ServiceName,
  principal: Principal,
  call: AwsRequest,
  mapper: PermissionMapper,
): Promise<void> {
  const { roleArn } = principal;
  const common = {
    "aws:RequestedRegion": call.scope.region,
    // The loopback connection represents the TLS connection to AWS.
    "aws:SecureTransport": "true",
    "lambda:SourceFunctionArn": arnOf("lambda", principal.region, `function:${principal.name}`),
  };
  const permissions = await mapper.permissionsFor(call);
  if (permissions.length === 0) throw new ServiceError(400, "ValidationException", "The call names no item.");
  const ofKeys = await keyPermissions(call, mapper, permissions);
  for (const { action, resource, context } of [...permissions, ...ofKeys]) {
    const policy = resourcePolicyOf(resource);
    const decision = iam.authorize(roleArn, action, resource, { ...common, ...context }, policy);
    if (!decision.allowed) throw accessDenied(service, decision.reason);
  }
}
