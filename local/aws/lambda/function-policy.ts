import type { DeclaredResource } from "../resource";
import { ACCOUNT } from "../resource";

/**
 * Resource-based policy of a function, which allows principals to invoke it.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
 */
export class FunctionPolicy {
  /** Inputs of the permissions by statement id. */
  private readonly statements = new Map<string, DeclaredResource["inputs"]>();

  /** @throws Error that starts with ResourceConflictException, if the statement id is taken. */
  add(inputs: DeclaredResource["inputs"]): void {
    const { statementId } = inputs;
    if (this.statements.has(statementId))
      throw new Error(
        `ResourceConflictException: The statement id (${statementId}) provided already exists. ` +
          "Please provide a new statement id, or remove the existing statement.",
      );
    this.statements.set(statementId, inputs);
  }

  find(statementId: string): DeclaredResource["inputs"] | undefined {
    return this.statements.get(statementId);
  }

  remove(statementId: string): void {
    this.statements.delete(statementId);
  }

  /** Returns whether a principal may invoke the function on behalf of a source. */
  allows(principal: string, sourceArn: string): boolean {
    return [...this.statements.values()].some(
      (statement) =>
        (statement.principal === principal || statement.principal === "*") &&
        (statement.sourceAccount ?? ACCOUNT) === ACCOUNT &&
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
