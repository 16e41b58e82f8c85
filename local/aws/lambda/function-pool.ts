import type { FunctionHost } from "./child-environment";
import {
  type EnvironmentEvents,
  ExecutionEnvironment,
  type InFlightInvocation,
} from "./execution-environment";
import type { FunctionConfiguration } from "./function-configuration";
import type { FunctionError, Invocation } from "./runtime-api";
import { newRequestId } from "./runtime-api";

/** Maximum size of an event, as for synchronous invocations on AWS. */
const MAX_REQUEST_BYTES = 6 * 1024 * 1024;

/** Maximum number of starting children of one function. The first child often handles the whole queue before a second one is loaded. */
const MAX_STARTING = 1;

/**
 * Bounds of the time that an invocation waits for a busy child before another child is started: as long as the last start took, because most
 * invocations end sooner, and on a busy machine every further start delays all of them. AWS starts an environment immediately.
 */
const WAIT_FOR_BUSY_MS = { minimum: 50, maximum: 3000 };

/** Limits of a function's child processes. */
export interface PoolLimits {
  /** Maximum number of children; further invocations wait in a queue. AWS starts up to 1000. */
  readonly maxEnvironments: number;
  /** Time after which an idle child is stopped. */
  readonly idleMs: number;
}

/** Exceptions of the Lambda API for a rejected call. */
export type ServiceErrorName =
  | "RequestTooLargeException"
  | "ResourceConflictException"
  | "ResourceNotFoundException"
  | "ServiceException"
  | "TooManyRequestsException";

/** Error for a call that the service rejected or could not run. Its name is an exception of the Lambda API. */
export class LambdaServiceError extends Error {
  constructor(name: ServiceErrorName, message: string) {
    super(message);
    this.name = name;
  }
}

/** Events that a pool reports. */
export interface PoolEvents extends Pick<EnvironmentEvents, "log"> {
  /** A child was started. @param error why the function could not be loaded; undefined if it is loaded. */
  started(error: FunctionError | undefined): void;
}

/** Queued invocation, with the time of queueing from `performance.now()`. */
interface QueuedInvocation {
  readonly invocation: InFlightInvocation;
  readonly since: number;
}

/** Pool of the child processes of one function. It grows while invocations overlap and shrinks when children are idle. */
export class FunctionPool {
  private readonly environments = new Set<ExecutionEnvironment>();
  private readonly starting = new Set<ExecutionEnvironment>();
  /** Idle children, with the timer that stops each; a function with an open debugger keeps its child. */
  private readonly idle = new Map<ExecutionEnvironment, NodeJS.Timeout | undefined>();
  /** Children that are stopped after their invocation. */
  private readonly retired = new Set<ExecutionEnvironment>();
  /** Children that are started to learn whether the function can be loaded. */
  private readonly trials = new Map<ExecutionEnvironment, (error: FunctionError | undefined) => void>();
  private readonly queue: QueuedInvocation[] = [];
  private waitTimer: NodeJS.Timeout | undefined;
  private waitForBusyMs = WAIT_FOR_BUSY_MS.minimum;

  constructor(
    readonly configuration: FunctionConfiguration,
    private readonly host: FunctionHost,
    private readonly events: PoolEvents,
    private readonly limits: PoolLimits,
  ) {}

  /**
   * Runs one event.
   * @param invokedArn ARN with which the function was invoked.
   * @throws LambdaServiceError if the event is too large.
   */
  async invoke(event: unknown, invokedArn: string): Promise<Invocation> {
    const { timeoutSeconds } = this.configuration;
    const body = JSON.stringify(event) ?? "null";
    const bytes = Buffer.byteLength(body);
    if (bytes > MAX_REQUEST_BYTES)
      throw new LambdaServiceError(
        "RequestTooLargeException",
        `${bytes} byte payload is too large for the RequestResponse invocation type (limit ${MAX_REQUEST_BYTES} bytes)`,
      );
    return new Promise<Invocation>((settle, reject) => {
      const requestId = newRequestId();
      const loggedIds = [...gatewayIds(event), requestId];
      const request = { requestId, loggedIds, event: body, functionArn: invokedArn, timeoutSeconds };
      const invocation: InFlightInvocation = { request, settle, reject, result: undefined };
      this.queue.push({ invocation, since: performance.now() });
      this.dispatch();
    });
  }

  /** Replaces all children: idle ones are stopped, others after their invocation. */
  replaceEnvironments(): void {
    this.environments.forEach((environment) => this.retired.add(environment));
    [...this.idle.keys()].forEach((environment) => this.stopIdle(environment));
  }

  /** Starts a child if there is none. */
  warmUp(): void {
    if (!this.isWarm) this.start(undefined);
  }

  /** Whether there is a child for the next invocation. */
  get isWarm(): boolean {
    return this.environments.size > this.retired.size;
  }

  /**
   * Starts a child without an invocation, and waits until the function is loaded. An error is not reported as an event.
   * @param keep whether the child waits for invocations afterwards.
   * @returns why the function cannot be loaded; undefined if it is loaded, or if the child was killed or took too long.
   */
  async tryStart(keep: boolean): Promise<FunctionError | undefined> {
    const environment = this.start(undefined);
    const error = await new Promise<FunctionError | undefined>((settle) =>
      this.trials.set(environment, settle),
    );
    this.trials.delete(environment);
    if (!keep && this.idle.has(environment)) this.stopIdle(environment);
    return error;
  }

  /** Kills all children and rejects all running and queued invocations. A later invocation starts a new child. */
  async stop(reason: Error): Promise<void> {
    clearTimeout(this.waitTimer);
    this.queue.splice(0).forEach(({ invocation }) => invocation.reject(reason));
    this.idle.forEach((timer) => clearTimeout(timer));
    this.idle.clear();
    await Promise.all([...this.environments].map((environment) => environment.kill(reason)));
  }

  /** Kills all children without waiting for their exit, for use while this process exits. */
  killNow(): void {
    this.environments.forEach((environment) => environment.killNow());
  }

  private dispatch(): void {
    if (this.queue.length === 0) return;
    // The child that became idle last, so that the other ones can time out.
    const warm = [...this.idle.keys()].at(-1);
    if (!warm && !this.mayStart()) return;
    if (!warm && this.waitsForBusyEnvironment()) return;
    const { invocation } = this.queue.shift() as QueuedInvocation;
    if (!warm) return void this.start(invocation);
    clearTimeout(this.idle.get(warm));
    this.idle.delete(warm);
    warm.run(invocation);
  }

  /** Returns whether the first invocation in the queue still waits for a busy child, and schedules the next check. */
  private waitsForBusyEnvironment(): boolean {
    if (this.environments.size === this.starting.size) return false;
    const left = this.queue[0].since + this.waitForBusyMs - performance.now();
    if (left <= 0) return false;
    clearTimeout(this.waitTimer);
    this.waitTimer = setTimeout(() => this.dispatch(), left);
    return true;
  }

  /** Returns whether a child may start. A burst waits for the first child, because starting more would slow it down. */
  private mayStart(): boolean {
    // A debugger is connected to one child, so no other may take an invocation.
    const most = this.host.debugger() ? 1 : this.limits.maxEnvironments;
    return this.environments.size - this.retired.size < most && this.starting.size < MAX_STARTING;
  }

  private start(invocation: InFlightInvocation | undefined): ExecutionEnvironment {
    const environment = this.newEnvironment(invocation);
    this.environments.add(environment);
    this.starting.add(environment);
    return environment;
  }

  private onLoaded(environment: ExecutionEnvironment, startMs: number): void {
    const { minimum, maximum } = WAIT_FOR_BUSY_MS;
    this.waitForBusyMs = Math.min(Math.max(startMs, minimum), maximum);
    this.starting.delete(environment);
    this.trials.get(environment)?.(undefined);
    this.events.started(undefined);
    this.dispatch();
  }

  private onFailedToLoad(environment: ExecutionEnvironment, error: FunctionError): void {
    const trial = this.trials.get(environment);
    if (trial) trial(error);
    else this.events.started(error);
  }

  private newEnvironment(invocation: InFlightInvocation | undefined): ExecutionEnvironment {
    const startedAt = performance.now();
    return new ExecutionEnvironment(
      this.configuration,
      this.host,
      {
        log: (line, requestIds) => this.events.log(line, requestIds),
        loaded: (environment) => this.onLoaded(environment, performance.now() - startedAt),
        failedToLoad: (environment, error) => this.onFailedToLoad(environment, error),
        idle: (environment) => this.onIdle(environment),
        gone: (environment) => this.remove(environment),
      },
      invocation,
    );
  }

  private onIdle(environment: ExecutionEnvironment): void {
    if (this.retired.has(environment)) return this.stopIdle(environment);
    const stop = (): void => this.stopIdle(environment);
    this.idle.set(environment, this.host.debugger() ? undefined : setTimeout(stop, this.limits.idleMs));
    this.dispatch();
  }

  private stopIdle(environment: ExecutionEnvironment): void {
    clearTimeout(this.idle.get(environment));
    this.idle.delete(environment);
    void environment.kill();
  }

  private remove(environment: ExecutionEnvironment): void {
    clearTimeout(this.idle.get(environment));
    this.idle.delete(environment);
    this.environments.delete(environment);
    this.starting.delete(environment);
    this.retired.delete(environment);
    this.trials.get(environment)?.(undefined);
    this.dispatch();
  }
}

/** Returns the request id of API Gateway in an event; none for an event of another service. */
function gatewayIds(event: unknown): string[] {
  const { requestContext } = (event ?? {}) as { readonly requestContext?: { readonly requestId?: unknown } };
  return typeof requestContext?.requestId === "string" ? [requestContext.requestId] : [];
}
