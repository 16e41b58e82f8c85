import type { ArchiveSourceMaps } from "./source-map";

/** Process of a function that a debugger is connected to. */
export interface DebuggerTarget {
  /** WebSocket URL of its inspector. */
  readonly inspectorUrl: string;
  readonly sourceMaps: ArchiveSourceMaps;
  /** Suspends the function's timeout while a debugger has paused the process. */
  setPaused(isPaused: boolean): void;
}
