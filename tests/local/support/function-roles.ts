import { LocalIam, type Credentials } from "../../../local/aws/iam/iam";
import { createResource } from "./create-resource";

/** Trust policy of a function's role. */
export const LAMBDA_TRUST = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
};

/** Creates a role with one policy and returns the credentials of a function with that role. */
export async function credentialsWith(
  iam: LocalIam,
  statements: readonly object[],
  { name = "worker", region = "eu-west-1" } = {},
): Promise<Credentials> {
  const role = await createResource(iam, "aws:iam/role:Role", { name, assumeRolePolicy: LAMBDA_TRUST });
  if (statements.length > 0)
    await createResource(iam, "aws:iam/rolePolicy:RolePolicy", {
      role: name,
      policy: { Statement: statements },
    });
  return iam.issueCredentials({ roleArn: String(role.outputs.arn), region, name });
}
