import { LambdaServiceError } from "./function-pool";

/** Default quota of an account in each region: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const USUAL_QUOTA = 1000;

/** Executions that no function can reserve: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html */
const UNRESERVED_MINIMUM = 100;

/** Function as its concurrency is counted. */
interface CountedFunction {
  readonly arn: string;
  readonly region: string;
  readonly reservedConcurrency: number | undefined;
}

/**
 * Quota of concurrent executions of each region. Functions without a reserved concurrency share what the others have not reserved.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
 */
export class RegionConcurrency {
  /** Running invocations of functions without a reserved concurrency, by region. */
  private readonly running = new Map<string, number>();

  /** @param functions returns the functions of all regions. */
  constructor(
    private readonly functions: () => Iterable<CountedFunction>,
    private readonly quota = USUAL_QUOTA,
  ) {}

  /**
   * Runs an invocation. A function with a reserved concurrency limits itself.
   * @throws LambdaServiceError if the executions that are not reserved are all in use.
   */
  async run<T>({ region, reservedConcurrency }: CountedFunction, invoke: () => Promise<T>): Promise<T> {
    if (reservedConcurrency !== undefined) return invoke();
    const running = this.running.get(region) ?? 0;
    if (running >= this.quota - this.reserved(region))
      throw new LambdaServiceError(
        "TooManyRequestsException",
        `Rate Exceeded: all ${running} concurrent executions of ${region} that are not reserved are in use.`,
      );
    this.running.set(region, running + 1);
    try {
      return await invoke();
    } finally {
      this.running.set(region, (this.running.get(region) as number) - 1);
    }
  }

  /**
   * Checks a reserved concurrency, as PutFunctionConcurrency does. The minimum that stays for the other functions is lower in an account with a
   * low quota, which cannot reserve anything then: https://github.com/awslabs/fhir-works-on-aws-deployment/issues/691
   * @throws Error if less than the minimum would stay.
   */
  checkReserved({ arn, region, reservedConcurrency }: CountedFunction): void {
    if (reservedConcurrency === undefined) return;
    const minimum = Math.min(UNRESERVED_MINIMUM, this.quota);
    if (this.quota - this.reserved(region, arn) - reservedConcurrency < minimum)
      throw new Error(
        "InvalidParameterValueException: Specified ReservedConcurrentExecutions for function decreases account's " +
          `UnreservedConcurrentExecution below its minimum value of [${minimum}].`,
      );
  }

  /** Returns what the functions of a region have reserved, without one of them. */
  private reserved(region: string, except?: string): number {
    let sum = 0;
    for (const { arn, region: other, reservedConcurrency = 0 } of this.functions())
      if (other === region && arn !== except) sum += reservedConcurrency;
    return sum;
  }
}
