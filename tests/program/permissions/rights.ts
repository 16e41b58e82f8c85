import { policyDocumentsOf, type PolicyStatement } from "../../support/policy-documents";
import { resourceNamed, type Program } from "../../support/mocked-program";

/** One action of a statement on one of its resources, in the policy of a role. */
export interface Right {
  /** Name of the role in the program, which is also that of its function or schedule. */
  readonly role: string;
  readonly effect: PolicyStatement["Effect"];
  readonly action: string;
  /** ARN with the names of the program; see {@link withProgramNames}. */
  readonly resource: string;
  readonly condition: NonNullable<PolicyStatement["Condition"]>;
}

/** Returns the rights of every role of the program, in the order of the statements. */
export function rightsOf(program: Program): Right[] {
  return policyDocumentsOf(program)
    .filter(({ resource }) => resource.type === "aws:iam/rolePolicy:RolePolicy")
    .flatMap(({ resource, statements }) => {
      const role = resourceNamed(program, "aws:iam/role:Role", resource.name).name;
      return statements.flatMap(({ Effect: effect, Action, Resource = [], Condition: condition = {} }) =>
        Resource.flatMap((arn) =>
          Action.map((action) => ({ role, effect, action, resource: withProgramNames(arn), condition })),
        ),
      );
    });
}

/**
 * Returns an ARN in which each generated name is that of the program, without the suffix that Pulumi adds, and a stream has no time.
 * Such an ARN is the same in every deployment of a stack.
 */
export function withProgramNames(arn: string): string {
  return arn.replace(/-[0-9a-f]{7}(?=$|[:/])/g, "").replace(/\/stream\/.+$/, "/stream/TIME");
}
