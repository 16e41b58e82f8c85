import { CommandError } from "./command-error";

/** The parts of a Pulumi stack name. */
export interface StackName {
  /** The name itself; what `pulumi.getStack()` returns and what `Pulumi.<stack>.yaml` is named after. */
  readonly stack: string;
  /** Absent where the name does not say it, as is the next. */
  readonly organization?: string;
  readonly project?: string;
}

/** The project's name in `Pulumi.yaml`. */
export const PROJECT = "tickets";
/** Letters, digits, hyphens, underscores and periods; at most 100: `tokens.ParseStackName` of Pulumi's SDK. Not a path to a parent. */
const PART = /^(?!\.{1,2}$)[A-Za-z0-9_.-]{1,100}$/;

/**
 * Parses a stack name in any form that the Pulumi CLI takes: `stack`, `organization/stack` or `organization/project/stack`.
 * The stack's own name is stored and logged. Commands in messages repeat the name as it was given.
 * https://www.pulumi.com/docs/iac/concepts/stacks/#create-stack
 * @throws CommandError that states the accepted forms, or that the project is another one.
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

/** Whether a text is a stack name in one of the accepted forms, of this project. */
export function isStackName(text: string): boolean {
  try {
    return parseStackName(text) !== undefined;
  } catch {
    // The error is the answer.
    return false;
  }
}

/** Whether two names can mean the same stack: what only one of them says does not count. */
export function isSameStack(one: string, other: string): boolean {
  const [left, right] = [parseStackName(one), parseStackName(other)];
  const { organization: leftOwner = right.organization, stack } = left;
  return stack === right.stack && (right.organization ?? leftOwner) === leftOwner;
}
