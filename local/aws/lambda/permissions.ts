import { expectInputs } from "../inputs";
import type { DeclaredResource, CreatedResource } from "../resource";
import { ACCOUNT } from "../resource";
import { functionArnOf } from "./function-configuration";

interface Statement {
  readonly functionArn: string;
  readonly principal: string;
  /** Pattern with `*` and `?`; undefined if every source may invoke. */
  readonly sourceArn: string | undefined;
}

const ACCEPTED = ["action", "function", "principal", "region", "sourceAccount", "sourceArn", "statementId"];

/**
 * Resource-based policies of the functions, which allow principals to invoke them.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
 */
export class Permissions {
  private readonly statements: Statement[] = [];

  /**
   * Creates an `aws:lambda/permission:Permission`.
   * @throws Error that names the permission and the input, if it is not emulated.
   */
  add(resource: DeclaredResource): CreatedResource {
    const { inputs, name } = resource;
    expectInputs(resource, ACCEPTED);
    if (!["lambda:InvokeFunction", "lambda:*"].includes(inputs.action))
      throw new Error(`Permission ${name}: action must be lambda:InvokeFunction, not ${inputs.action}.`);
    if ((inputs.sourceAccount ?? ACCOUNT) === ACCOUNT)
      this.statements.push({
        functionArn: functionArnOf(inputs.function, resource.region),
        principal: inputs.principal,
        sourceArn: inputs.sourceArn,
      });
    const statementId: string = inputs.statementId ?? resource.physicalName;
    return { id: statementId, outputs: { statementId } };
  }

  /** Returns whether a principal may invoke a function on behalf of a source. */
  allows(functionArn: string, principal: string, sourceArn: string): boolean {
    return this.statements.some(
      (statement) =>
        statement.functionArn === functionArn &&
        (statement.principal === principal || statement.principal === "*") &&
        (statement.sourceArn === undefined || matches(statement.sourceArn, sourceArn)),
    );
  }
}

/** Compares as IAM's ArnLike: `*` matches any characters and `?` one, within one of the six parts of the ARN. */
function matches(pattern: string, arn: string): boolean {
  const parts = splitArn(arn);
  return splitArn(pattern).every((part, index) => {
    const source = part
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replace(/\*/g, ".*")
      .replace(/\?/g, ".");
    return new RegExp(`^${source}$`, "s").test(parts[index] ?? "");
  });
}

function splitArn(arn: string): string[] {
  const parts = arn.split(":");
  return [...parts.slice(0, 5), parts.slice(5).join(":")];
}
