import { type DebuggerAddresses, FunctionDebugger } from "./function-debugger";

/** Part of a function that its debugger uses. */
export interface DebuggedFunction {
  /** Replaces the processes of the function: idle ones at once, others after their invocation. */
  replaceEnvironments(): void;
  /** Starts a process, if there is none. */
  warmUp(): void;
}

/** Open debuggers by function. */
export class Debuggers {
  private readonly opened = new Map<string, FunctionDebugger>();
  /** ARNs whose debugger is being opened or closed; one change at a time. */
  private readonly changes = new Map<string, Promise<unknown>>();

  /** @param find returns a function by its ARN; undefined if it does not exist or its region is down. */
  constructor(private readonly find: (arn: string) => DebuggedFunction | undefined) {}

  /** @param arn ARN without a version. */
  get(arn: string): FunctionDebugger | undefined {
    return this.opened.get(arn);
  }

  /**
   * Opens the debugger of a function and starts a process to debug. An open one keeps its port.
   * @param title of the function, for the user.
   * @param port 0 lets the operating system choose.
   * @throws PortInUseError if another program uses the port.
   */
  open(arn: string, title: string, port: number): Promise<DebuggerAddresses> {
    return this.inTurn(arn, async () => {
      const opened =
        this.opened.get(arn) ?? (await FunctionDebugger.open(title, port, () => this.find(arn)?.warmUp()));
      if (!this.opened.has(arn)) {
        this.opened.set(arn, opened);
        this.find(arn)?.replaceEnvironments();
        this.find(arn)?.warmUp();
      }
      return opened.addresses;
    });
  }

  /** Closes the debugger of a function, if it is open. A paused invocation continues. */
  close(arn: string): Promise<void> {
    return this.inTurn(arn, async () => {
      const opened = this.opened.get(arn);
      this.opened.delete(arn);
      await opened?.close();
      if (opened) this.find(arn)?.replaceEnvironments();
    });
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.opened.keys()].map((arn) => this.close(arn)));
  }

  private inTurn<T>(arn: string, change: () => Promise<T>): Promise<T> {
    const next = (this.changes.get(arn) ?? Promise.resolve()).then(change, change);
    this.changes.set(arn, next);
    const done = (): void => {
      if (this.changes.get(arn) === next) this.changes.delete(arn);
    };
    next.then(done, done);
    return next;
  }
}
