import { type PulumiPlace, readFromPulumi } from "./pulumi-command-line";

/** Used parts of a resource in the state of the Pulumi engine. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly custom?: boolean;
  /** Whether the program only reads the resource, so that a destroy does not delete it. */
  readonly external?: boolean;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  /** URN and id of the provider, separated by `::`. */
  readonly provider?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** State of a stack as `pulumi stack export` prints it. Parts that no command uses are kept. */
export interface ExportedState {
  readonly deployment?: {
    readonly resources?: readonly StateResource[];
    readonly pending_operations?: readonly { readonly type: string; readonly resource: { urn: string } }[];
  };
}

/** Type of hosted zones. */
export const ZONE = "aws:route53/zone:Zone";

/**
 * Reads the state of a stack with the Pulumi CLI. It exists also after an update that failed, which leaves no outputs.
 * https://www.pulumi.com/docs/iac/cli/commands/pulumi_stack_export/
 * @throws CommandError if the CLI is missing, not logged in or fails, or the stack does not exist.
 */
export async function exportState({
  stack,
  place,
}: {
  readonly stack: string;
  readonly place?: PulumiPlace;
}): Promise<ExportedState> {
  return (await readFromPulumi(stack, "state", ["stack", "export"], place)) as ExportedState;
}

/** Whether a destroy deletes the resource in AWS. */
export function isOwned({ custom, external, id }: StateResource): boolean {
  return custom === true && external !== true && id !== undefined;
}
