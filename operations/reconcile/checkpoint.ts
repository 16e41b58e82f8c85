import { emptyTally, Tally } from "./tally";

/** What a reconciliation is of; one cannot go on with the position of another. */
export interface Scope {
  readonly stack: string;
  readonly tables: readonly {
    readonly name: string;
    readonly code: string;
    readonly table: string;
    /** On the local cloud its DynamoDB. */
    readonly endpoint?: string;
  }[];
  readonly dryRun: boolean;
  readonly stamp: boolean;
  readonly deep: boolean;
}

/** How far a segment of a table has been read. */
export interface SegmentPosition {
  /** The id of the last item that is done with; absent at the beginning. */
  after?: string;
  done: boolean;
}

/** How far a reconciliation is, and what it found so far. */
export interface Checkpoint {
  readonly format: 1;
  readonly scope: Scope;
  readonly segments: number;
  /** By nickname of the scanned region. */
  readonly positions: Record<string, SegmentPosition[]>;
  readonly tally: Tally;
}

/** The position at the beginning. */
export function newCheckpoint(scope: Scope, segments: number): Checkpoint {
  const atBeginning = (): SegmentPosition[] => Array.from({ length: segments }, () => ({ done: false }));
  return {
    format: 1,
    scope,
    segments,
    positions: Object.fromEntries(scope.tables.map(({ name }) => [name, atBeginning()])),
    tally: emptyTally(),
  };
}
