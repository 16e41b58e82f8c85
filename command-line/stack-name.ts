import { CommandError } from "./command-error";

/** The parts of a Pulumi stack name. */
export interface StackName {
  /** Name that `pulumi.getStack()` returns and that is part of the file name `Pulumi.<stack>.yaml`. */
  readonly stack: string;
  /** Absent if the name does not state it. */
  readonly organization?: string;
  /** Absent if the name does not state it. */
  readonly project?: string;
}

/** Project name in `Pulumi.yaml`. */
export const PROJECT = "tickets";
/** Part of a stack name, as in `tokens.ParseStackName` of Pulumi's SDK. Rejects `.` and `..`, which would be relative paths. */
const PART = /^(?!\.{1,2}$)[A-Za-z0-9_.-]{1,100}$/;

/**
 * Parses a stack name in any form that the Pulumi CLI accepts: `stack`, `organization/stack` or `organization/project/stack`.
 * Only `stack` is stored and logged. Commands in messages repeat the name that the operator entered.
 * https://www.pulumi.com/docs/iac/concepts/stacks/#create-stack
 * @throws CommandError that states the accepted forms, or names the other project.
 */
export function parseStackName(text: string): StackName {
  const parts = text.split("/");
  if (parts.length > 3 || !parts.every((part) => PART.test(part)))
    throw new CommandError(
      `${JSON.stringify(text)} is not a stack name. Use ireland, organization/ireland or organization/${PROJECT}/ireland; ` +
        "each part has 1 to 100 letters, digits, hyphens, underscores or periods.",
    );
  const stack = parts[parts.length - 1];
  const [organization, project] = parts.slice(0, -1);
  if (project !== undefined && project !== PROJECT)
    throw new CommandError(
      `The stack ${text} belongs to the project ${project}, but this project is ${PROJECT}; use ${organization}/${PROJECT}/${stack}.`,
    );
  return {
    stack,
    ...(organization !== undefined && { organization }),
    ...(project !== undefined && { project }),
  };
}

/** Whether a text is a stack name of this project in an accepted form. */
export function isStackName(text: string): boolean {
  try {
    return parseStackName(text) !== undefined;
  } catch {
    return false;
  }
}

/** Whether two names can denote the same stack. Compares only the parts that both names state. */
export function isSameStack(one: string, other: string): boolean {
  const [left, right] = [parseStackName(one), parseStackName(other)];
  const { organization: leftOwner = right.organization, stack } = left;
  return stack === right.stack && (right.organization ?? leftOwner) === leftOwner;
}
