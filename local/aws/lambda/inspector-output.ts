/** Reads the lines that Node.js itself writes to standard error of a process with an inspector, and which belong to no function. */
export class InspectorOutput {
  /**
   * @param on `listening` receives the WebSocket URL of the inspector; `ending` is called when the process waits at its end for the clients
   * of the inspector to leave.
   */
  constructor(
    private readonly on: { readonly listening: (url: string) => void; readonly ending: () => void },
  ) {}

  /** Returns whether a line belongs to the inspector. */
  read(line: string): boolean {
    const url = /^Debugger listening on (ws:\/\/\S+)$/.exec(line)?.[1];
    if (url !== undefined) this.on.listening(url);
    else if (line === "Waiting for the debugger to disconnect...") this.on.ending();
    else
      return /^(For help, see: https:\/\/nodejs\.org\/\S+|Debugger attached\.|Debugger ending on ws:\S+)$/.test(
        line,
      );
    return true;
  }
}
