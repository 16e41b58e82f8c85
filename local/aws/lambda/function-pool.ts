import type { FunctionHost } from "./child-environment";
import { ExecutionEnvironment, type InFlightInvocation } from "./execution-environment";
import type { FunctionConfiguration } from "./function-configuration";
import type { Invocation } from "./runtime-api";
import { newRequestId } from "./runtime-api";

/** An event above it is refused, as a synchronous invocation's on AWS. */
const MAX_REQUEST_BYTES = 6 * 1024 * 1024;

/** Children of one function that load at the same time: the first one has often done all that waits before a second one could begin. */
const MAX_STARTING = 1;

/**
 * An invocation waits so long for a busy child before another one is started for it, in milliseconds: most are done much
 * sooner, and a start costs this machine many times as much. AWS starts one at once.
 */
const MAX_WAIT_FOR_BUSY_MS = 50;

/** Bounds of a function's child processes. */
export interface PoolLimits {
  /** Children at once; further invocations wait in a queue. AWS would start up to a thousand. */
  readonly maxEnvironments: number;
  /** How long an idle child is kept warm. */
  readonly idleMs: number;
}

/** The exceptions of the Lambda API that an invocation can be refused with. */
export type ServiceErrorName =
  "RequestTooLargeException" | "ResourceNotFoundException" | "ServiceException" | "TooManyRequestsException";

/** An invocation that the service refused or could not carry out. Its name is that of the Lambda API's exception. */
export class LambdaServiceError extends Error {
  constructor(name: ServiceErrorName, message: string) {
    super(message);
    this.name = name;
  }
}

/** An invocation in the queue, and since when: milliseconds of this process. */
interface QueuedInvocation {
  readonly work: InFlightInvocation;
  readonly since: number;
}

/** A function and the child processes that run it: more of them while invocations overlap, fewer when they are idle. */
export class FunctionPool {
  private readonly environments = new Set<ExecutionEnvironment>();
  private readonly starting = new Set<ExecutionEnvironment>();
  private readonly idle = new Map<ExecutionEnvironment, NodeJS.Timeout>();
  private readonly queue: QueuedInvocation[] = [];
  private waitTimer: NodeJS.Timeout | undefined;
  private running = 0;

  constructor(
    readonly configuration: FunctionConfiguration,
    private readonly host: FunctionHost,
    private readonly log: (line: string) => void,
    private readonly limits: PoolLimits,
  ) {}

  /**
   * Runs one event.
   * @throws LambdaServiceError when the reserved concurrency is used up, or the event is too large.
   */
  async invoke(event: unknown): Promise<Invocation> {
    const { name, arn, timeoutSeconds, reservedConcurrency = Infinity } = this.configuration;
    if (this.running >= reservedConcurrency)
      throw new LambdaServiceError(
        "TooManyRequestsException",
        `Rate Exceeded: all ${reservedConcurrency} reserved concurrent executions of ${name} are in use.`,
      );
    const body = JSON.stringify(event) ?? "null";
    const bytes = Buffer.byteLength(body);
    if (bytes > MAX_REQUEST_BYTES)
      throw new LambdaServiceError(
        "RequestTooLargeException",
        `${bytes} byte payload is too large for the RequestResponse invocation type (limit ${MAX_REQUEST_BYTES} bytes)`,
      );
    this.running++;
    try {
      return await new Promise<Invocation>((settle, reject) => {
        const request = { requestId: newRequestId(), event: body, functionArn: arn, timeoutSeconds };
        const work: InFlightInvocation = { request, settle, reject, result: undefined };
        this.queue.push({ work, since: performance.now() });
        this.dispatch();
      });
    } finally {
      this.running--;
    }
  }

  /** Kills every child at once and rejects what is running or waiting. The function can be invoked again afterwards, cold. */
  async stop(reason: Error): Promise<void> {
    clearTimeout(this.waitTimer);
    this.queue.splice(0).forEach(({ work }) => work.reject(reason));
    this.idle.forEach((timer) => clearTimeout(timer));
    this.idle.clear();
    await Promise.all([...this.environments].map((environment) => environment.kill(reason)));
  }

  /** Kills every child without waiting: all that can be done while this process exits. */
  killNow(): void {
    this.environments.forEach((environment) => environment.killNow());
  }

  private dispatch(): void {
    if (this.queue.length === 0) return;
    // The child that ran last: its code is compiled, and the others can stop.
    const warm = [...this.idle.keys()].at(-1);
    if (!warm && !this.mayStart()) return;
    if (!warm && this.waitsForBusyEnvironment()) return;
    const { work } = this.queue.shift() as QueuedInvocation;
    if (!warm) return this.start(work);
    clearTimeout(this.idle.get(warm));
    this.idle.delete(warm);
    warm.run(work);
  }

  /** Whether the first in the queue waits some more for a child that is busy; then it is looked at again in time. */
  private waitsForBusyEnvironment(): boolean {
    if (this.environments.size === this.starting.size) return false;
    const left = this.queue[0].since + MAX_WAIT_FOR_BUSY_MS - performance.now();
    if (left <= 0) return false;
    clearTimeout(this.waitTimer);
    this.waitTimer = setTimeout(() => this.dispatch(), left);
    return true;
  }

  /** A rush at a cold function waits for the first children: starting one for each would take the processors from them. */
  private mayStart(): boolean {
    return this.environments.size < this.limits.maxEnvironments && this.starting.size < MAX_STARTING;
  }

  private start(work: InFlightInvocation): void {
    const environment = this.newEnvironment(work);
    this.environments.add(environment);
    this.starting.add(environment);
  }

  private hasLoaded(environment: ExecutionEnvironment): void {
    this.starting.delete(environment);
    this.dispatch();
  }

  private newEnvironment(work: InFlightInvocation): ExecutionEnvironment {
    return new ExecutionEnvironment(
      this.configuration,
      this.host,
      {
        log: this.log,
        loaded: (environment) => this.hasLoaded(environment),
        idle: (environment) => this.becameIdle(environment),
        gone: (environment) => this.remove(environment),
      },
      work,
    );
  }

  private becameIdle(environment: ExecutionEnvironment): void {
    const cool = (): void => {
      this.idle.delete(environment);
      void environment.kill();
    };
    this.idle.set(environment, setTimeout(cool, this.limits.idleMs));
    this.dispatch();
  }

  private remove(environment: ExecutionEnvironment): void {
    clearTimeout(this.idle.get(environment));
    this.idle.delete(environment);
    this.environments.delete(environment);
    this.starting.delete(environment);
    this.dispatch();
  }
}
