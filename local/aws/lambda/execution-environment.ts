import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { FunctionHost } from "./child-environment";
import { childEnvironment } from "./child-environment";
import type { FunctionConfiguration } from "./function-configuration";
import { Freezer } from "./freezer";
import type { FunctionError, Invocation, InvocationRequest } from "./runtime-api";
import { describeExit, functionError, RuntimeApi } from "./runtime-api";
import type { FunctionDebugger } from "./function-debugger";
import type { DebuggerTarget } from "./debugger-target";
import { InspectorOutput } from "./inspector-output";
import { PausableTimer } from "./pausable-timer";

/** Lambda's limit for the initialization of a function, independent of the function's timeout. */
const INIT_SECONDS = 10;

/** Maximum size of a semi-space for new objects, in MB. By default Node.js lets the three of an idle function grow to 48 MB. */
const MAX_SEMI_SPACE_MB = 2;

/** Events that an execution environment reports to its pool. */
export interface EnvironmentEvents {
  /** The function is loaded; the first event is next. */
  loaded(environment: ExecutionEnvironment): void;
  /** The function cannot be loaded; its process ends. Not called when the process is killed, or takes too long. */
  failedToLoad(environment: ExecutionEnvironment, error: FunctionError): void;
  /** The environment is ready for an event. */
  idle(environment: ExecutionEnvironment): void;
  /** The process has exited. */
  gone(environment: ExecutionEnvironment): void;
  /** @param requestIds ids of the request that the environment handles, or has handled last. */
  log(line: string, requestIds?: readonly string[]): void;
}

/** Invocation in flight, with the callbacks for its result. */
export interface InFlightInvocation {
  readonly request: InvocationRequest;
  readonly settle: (result: Invocation) => void;
  readonly reject: (error: Error) => void;
  /** Result of the function, until the invocation is settled with it. */
  result: Invocation | undefined;
}

/**
 * Child process that runs a function, one invocation at a time, with its own Runtime API. An invocation belongs to one environment: events of
 * another process, or late events of this one, do not affect it.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
export class ExecutionEnvironment {
  private readonly api = new RuntimeApi({
    ready: () => this.onReady(),
    responded: (requestId, result) => this.onResponse(requestId, result),
    failedToLoad: (error) => this.onFailedToLoad(this.translated(error)),
    disconnected: () => this.events.gone(this),
  });
  private child: ChildProcess | undefined;
  private freezer: Freezer | undefined;
  private readonly timer = new PausableTimer();
  /** Debugger that was open when the process was started. */
  private readonly debugger: FunctionDebugger | undefined;
  private target: DebuggerTarget | undefined;
  private loggedIds: readonly string[] | undefined;
  private loaded = false;
  private failedToLoad = false;
  private readonly killing = new AbortController();
  private leaveStartGate: () => void = () => undefined;
  /** Earliest end of the start, by `performance.now()`. */
  private readonly readyAt: number;
  private readonly exited: Promise<void>;
  private markExited!: () => void;

  /** @param inFlight the first invocation, for which this environment is started; undefined if none waits. */
  constructor(
    private readonly configuration: FunctionConfiguration,
    private readonly host: FunctionHost,
    private readonly events: EnvironmentEvents,
    private inFlight: InFlightInvocation | undefined,
  ) {
    this.debugger = host.debugger();
    this.readyAt = performance.now() + (host.coldStartMs ?? 0);
    this.exited = new Promise((resolve) => (this.markExited = resolve));
    this.start().catch((error: Error) => this.onExit(`could not be started: ${error.message}`));
  }

  /** Runs an event; the environment must be idle. */
  run(inFlight: InFlightInvocation): void {
    this.inFlight = inFlight;
    this.deliver();
  }

  /** Kills the process and waits for its exit. An invocation in flight rejects with the reason, if one is given. */
  async kill(reason?: Error): Promise<void> {
    if (reason) this.takeInFlight()?.reject(reason);
    this.killNow();
    await this.exited;
  }

  /** Kills the process without waiting for its exit, for use while this process exits. */
  killNow(): void {
    this.killing.abort();
    this.child?.kill("SIGKILL");
  }

  private async start(): Promise<void> {
    const runtimeApi = await this.api.start();
    this.leaveStartGate = await this.host.startGate.enter(this.killing.signal);
    if (this.killing.signal.aborted) return this.onExit("was stopped");
    const { configuration, host } = this;
    // Old objects get 90 % of the memory, as in AWS's runtime.
    const heapMb = Math.floor(configuration.memorySizeMb * 0.9);
    const stream = `${new Date().toISOString().slice(0, 10).replace(/-/g, "/")}/[${configuration.version}]${runtimeApi.split(":")[1]}`;
    const child = spawn(
      process.execPath,
      [
        `--max-old-space-size=${heapMb}`,
        `--max-semi-space-size=${MAX_SEMI_SPACE_MB}`,
        ...(this.debugger ? ["--inspect=127.0.0.1:0"] : []),
        host.runtime.bootstrap,
        // An argument, not an environment variable: a function sees only Lambda's variables and its own.
        ...(host.dnsServer ? [host.dnsServer()] : []),
      ],
      {
        cwd: host.taskRoot,
        env: childEnvironment(configuration, host, runtimeApi, stream),
        stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
      },
    );
    this.child = child;
    if (!this.debugger) this.freezer = new Freezer(child);
    const inspector = this.debugger && this.inspectorOutput(this.debugger);
    for (const output of [child.stdout, child.stderr])
      if (output)
        createInterface({ input: output }).on("line", (line) => {
          if (output === child.stdout || !inspector?.read(line)) this.onOutput(line);
        });
    child.once("error", (error) => this.onExit(`could not be started: ${error.message}`));
    child.once("exit", (code, signal) =>
      this.onExit(signal ? `exited with error: signal: ${signal}` : describeExit(code)),
    );
    this.timer.start(INIT_SECONDS * 1000, () => this.onTimeout(INIT_SECONDS));
  }

  private inspectorOutput(opened: FunctionDebugger): InspectorOutput {
    return new InspectorOutput({
      listening: (inspectorUrl) => {
        const { sourceMaps } = this.host;
        const setPaused = (isPaused: boolean): void => (isPaused ? this.timer.pause() : this.timer.resume());
        this.target = { inspectorUrl, sourceMaps, setPaused };
        opened.attach(this.target);
      },
      // The process ends only when no client is connected.
      ending: () => this.leaveDebugger(),
    });
  }

  private leaveDebugger(): void {
    if (this.target) this.debugger?.detach(this.target);
    this.target = undefined;
  }

  private onOutput(line: string): void {
    // The output of a process can arrive after its response or its exit.
    this.loggedIds = this.inFlight?.request.loggedIds ?? this.loggedIds;
    this.events.log(this.host.sourceMaps.translate(line), this.loggedIds);
  }

  private onReady(): void {
    this.timer.clear();
    this.leaveStartGate();
    const early = this.readyAt - performance.now();
    if (early > 0) return this.timer.start(early, () => this.onReady());
    const first = !this.loaded;
    this.loaded = true;
    if (first) this.events.loaded(this);
    if (first && this.inFlight) return this.deliver();
    this.finish();
    this.freezer?.freeze();
    this.events.idle(this);
  }

  private onFailedToLoad(error: FunctionError): void {
    this.keepResult({ functionError: error });
    // A process can crash between two events, too.
    if (this.loaded || this.failedToLoad) return;
    this.failedToLoad = true;
    this.events.failedToLoad(this, error);
  }

  private deliver(): void {
    if (!this.inFlight) return;
    const { timeoutSeconds } = this.inFlight.request;
    this.timer.start(timeoutSeconds * 1000, () => this.onTimeout(timeoutSeconds));
    this.freezer?.thaw();
    this.api.deliver(this.inFlight.request);
  }

  private onResponse(requestId: string, result: Invocation): void {
    if (this.inFlight?.request.requestId !== requestId) return;
    this.keepResult(
      "functionError" in result ? { functionError: this.translated(result.functionError) } : result,
    );
  }

  /** Returns an error whose stack trace names the sources of the function. */
  private translated(error: FunctionError): FunctionError {
    const { trace } = error;
    return trace ? { ...error, trace: trace.map((line) => this.host.sourceMaps.translate(line)) } : error;
  }

  /** Keeps a result until the child asks for the next event or exits, so that the environment is idle or gone when the result is returned. */
  private keepResult(result: Invocation): void {
    if (this.inFlight) this.inFlight.result ??= result;
  }

  private onTimeout(seconds: number): void {
    if (!this.inFlight) return this.killNow();
    const message = `Task timed out after ${seconds.toFixed(2)} seconds`;
    const { requestId, loggedIds } = this.inFlight.request;
    if (!this.inFlight.result) this.events.log(`${requestId} ${message}`, loggedIds);
    this.keepResult(functionError("Sandbox.Timedout", `RequestId: ${requestId} Error: ${message}`));
    this.finish();
    this.killNow();
  }

  private finish(): void {
    const done = this.takeInFlight();
    this.loggedIds = done?.request.loggedIds ?? this.loggedIds;
    if (done?.result) done.settle(done.result);
  }

  private takeInFlight(): InFlightInvocation | undefined {
    const taken = this.inFlight;
    this.inFlight = undefined;
    return taken;
  }

  private onExit(how: string): void {
    this.timer.clear();
    this.leaveStartGate();
    this.leaveDebugger();
    const requestId = this.inFlight?.request.requestId;
    this.keepResult(functionError("Runtime.ExitError", `RequestId: ${requestId} Error: Runtime ${how}`));
    if (!this.killing.signal.aborted)
      this.onFailedToLoad({ errorType: "Runtime.ExitError", errorMessage: `Runtime ${how}` });
    this.finish();
    this.events.gone(this);
    void this.api.close().then(this.markExited);
  }
}
