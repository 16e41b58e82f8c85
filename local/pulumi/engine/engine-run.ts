import type { EngineEvent } from "@pulumi/pulumi/automation";
import { typeAndNameOf } from "../urn";

/** Resource of a run of the engine, as `<type> <name>`, such as `aws:sqs/queue:Queue ireland-quarantine`. */
export type ResourceName = string;

/** One finished operation of the engine. */
export interface EngineOperation {
  /** Operation of the engine, such as `create`, `create-replacement`, `delete-replaced`, `same` or `refresh`. */
  readonly operation: string;
  readonly resource: ResourceName;
  readonly urn: string;
  /** Changed inputs. */
  readonly changed: readonly string[];
}

/** What a run of the engine did, or would do in the case of a preview. */
export interface EngineRun {
  /** Every operation, in the order in which they finished; in a preview, in which they were planned. */
  readonly operations: readonly EngineOperation[];
  readonly created: readonly ResourceName[];
  readonly updated: readonly ResourceName[];
  readonly replaced: readonly ResourceName[];
  readonly deleted: readonly ResourceName[];
  readonly same: readonly ResourceName[];
  /** Resources whose operation failed. */
  readonly failed: readonly ResourceName[];
  /** Messages that the engine printed as warnings. */
  readonly warnings: readonly string[];
  /** Messages that the engine printed as errors. */
  readonly errors: readonly string[];
}

/** Collects the events of a run of the engine. */
export class EngineRunRecorder {
  private readonly operations: EngineOperation[] = [];
  private readonly planned: EngineOperation[] = [];
  private readonly failed: ResourceName[] = [];
  private readonly warnings: string[] = [];
  private readonly errors: string[] = [];

  /** @param isPreview whether the run only plans its operations. */
  constructor(private readonly isPreview: boolean) {}

  readonly onEvent = (event: EngineEvent): void => {
    const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent } = event;
    if (resourcePreEvent) this.planned.push(operationOf(resourcePreEvent.metadata));
    if (resOutputsEvent) this.operations.push(operationOf(resOutputsEvent.metadata));
    if (resOpFailedEvent) this.failed.push(operationOf(resOpFailedEvent.metadata).resource);
    if (diagnosticEvent?.severity === "warning") this.warnings.push(textOf(diagnosticEvent));
    if (diagnosticEvent?.severity === "error") this.errors.push(textOf(diagnosticEvent));
  };

  /** Returns what was recorded so far. Names are sorted, operations are in their order. */
  result(): EngineRun {
    const operations = this.isPreview ? this.planned : this.operations;
    const named = (...kinds: string[]): ResourceName[] => [
      ...new Set(
        operations
          .filter(({ operation }) => kinds.includes(operation))
          .map(({ resource }) => resource)
          .sort(),
      ),
    ];
    return {
      operations: [...operations],
      created: named("create", "import"),
      updated: named("update"),
      replaced: named("replace", "create-replacement", "import-replacement"),
      deleted: named("delete", "discard"),
      same: named("same"),
      failed: [...this.failed].sort(),
      warnings: [...this.warnings],
      errors: [...this.errors],
    };
  }
}

interface Metadata {
  readonly op: string;
  readonly urn: string;
  readonly diffs?: readonly string[];
}

function operationOf({ op, urn, diffs }: Metadata): EngineOperation {
  return { operation: op, resource: resourceNameOf(urn), urn, changed: [...(diffs ?? [])].sort() };
}

/** Returns the type and name of a resource from its URN. */
export function resourceNameOf(urn: string): ResourceName {
  const { type, name } = typeAndNameOf(urn);
  return `${type} ${name}`;
}

function textOf({ urn, message }: { readonly urn?: string; readonly message: string }): string {
  // Colors are marked as <{%reset%}>.
  const plain = message.replace(/<\{%[^%]*%\}>/g, "").trim();
  return urn ? `${resourceNameOf(urn)}: ${plain}` : plain;
}
