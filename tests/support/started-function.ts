import { Program, ProgramResource, resourceNamed } from "./program";
import { FakeSdk, ShippedFunction, shippedFunction, startShipped } from "./shipped-function";

/** A function of the program that was started as Lambda would. */
export interface StartedFunction<Handler> {
  readonly handler: Handler;
  readonly sdk: FakeSdk;
  readonly environment: Record<string, string>;
  readonly shipped: ShippedFunction;
  /** What it writes to its standard output past the console. */
  readonly printed: string[];
}

/**
 * Starts what the program ships of a function, by its name in the program.
 * @param answers of AWS, as `FakeSdk` takes them.
 */
export async function startFunction<Handler>(
  program: Program,
  name: string,
  answers: Readonly<Record<string, unknown>> = {},
): Promise<StartedFunction<Handler>> {
  const lambda = resourceNamed(program, "aws:lambda/function:Function", name);
  const environment = environmentOf(lambda);
  const sdk = new FakeSdk(answers);
  const shipped = await shippedFunction(lambda);
  const printed: string[] = [];
  const print = (text: string): void => void printed.push(text);
  const handler = startShipped<Handler>(shipped, { environment, modules: sdk.modules, print });
  return { handler, sdk, environment, shipped, printed };
}

/** The function's environment with what Lambda adds: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
function environmentOf({ inputs, outputs, region }: ProgramResource): Record<string, string> {
  const name = String(outputs.name);
  return { AWS_REGION: region, AWS_LAMBDA_FUNCTION_NAME: name, ...(inputs.environment?.variables ?? {}) };
}
