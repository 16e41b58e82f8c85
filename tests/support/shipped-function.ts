import type { asset } from "@pulumi/pulumi";
import { join } from "node:path";
import { compileFunction } from "node:vm";
import { Program, ProgramResource, resourceNamed } from "./mocked-program";

/** Archive of a function that is uploaded to Lambda. */
export interface ShippedFunction {
  /** Paths in the archive. */
  readonly paths: readonly string[];
  /** Source of the serialized handler. */
  readonly text: string;
}

/** Returns the archive of an `aws:lambda/function:Function` of the program. */
export async function shippedFunction({ inputs }: ProgramResource): Promise<ShippedFunction> {
  const code = inputs.code as asset.AssetArchive;
  const assets = (await code.assets) as Record<string, asset.StringAsset>;
  return { paths: Object.keys(assets).sort(), text: await assets["__index.js"].text };
}

/** Environment in which a serialized handler runs. */
export interface Sandbox {
  readonly environment: Readonly<Record<string, string>>;
  /** Modules of the Lambda runtime that are not in the archive, by name. */
  readonly modules: Readonly<Record<string, unknown>>;
  /** Receives text that the function writes to standard output without the console. */
  readonly print: (text: string) => void;
}

/**
 * Starts a shipped function as Lambda does. It can load only modules of Node.js, of its archive and of the sandbox.
 * @returns the exported handler of the archive.
 */
export function startShipped<Handler>(
  shipped: ShippedFunction,
  { environment, modules, print }: Sandbox,
): Handler {
  const exported: { handler?: Handler } = {};
  const requireShipped = (name: string): unknown => {
    if (name in modules) return modules[name];
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    if (name.startsWith("node:")) return require(name);
    const path = `node_modules/${name}`;
    if (!shipped.paths.includes(path))
      throw new Error(`The function requires ${name}, which is not in its archive.`);
    // The archive contains this path, so the test loads the same file from the project.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    return require(join(__dirname, "..", "..", path));
  };
  const run = compileFunction(shipped.text, ["exports", "require", "process"], { filename: "__index.js" });
  run(exported, requireShipped, { env: environment, stdout: { write: print } });
  if (!exported.handler) throw new Error("The archive exports no handler.");
  return exported.handler;
}

/** Call of a function to AWS. */
export interface SentCommand {
  /** Such as `PutItemCommand`. */
  readonly command: string;
  // Each command has a different shape, which the test knows.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly input: any;
  /** Region of the client. */
  readonly region: string;
}

/** Fake AWS SDK of the Lambda runtime. It records the calls. */
export class FakeSdk {
  readonly sent: SentCommand[] = [];
  readonly modules: Readonly<Record<string, unknown>>;

  /** @param responses response of each command by name, or a function from input to response; empty by default. */
  constructor(responses: Readonly<Record<string, unknown>> = {}) {
    const client = this.clientClass(responses);
    const module = new Proxy({}, { get: (_, name) => member(String(name), client) });
    this.modules = {
      "@aws-sdk/client-dynamodb": module,
      "@aws-sdk/client-s3": module,
      "@aws-sdk/client-sqs": module,
      "@aws-sdk/lib-dynamodb": module,
    };
  }

  private clientClass(
    responses: Readonly<Record<string, unknown>>,
  ): new (options: { region: string }) => unknown {
    const { sent } = this;
    return class {
      readonly middlewareStack = { add: (): void => undefined };

      constructor(private readonly options: { region: string }) {}

      static from(client: unknown): unknown {
        return client;
      }

      async send({ command, input }: { command: string; input: unknown }): Promise<unknown> {
        sent.push({ command, input, region: this.options.region });
        const response = responses[command] ?? {};
        return typeof response === "function" ? response(input) : response;
      }
    };
  }
}

function member(name: string, client: unknown): unknown {
  if (!name.endsWith("Command")) return client;
  return class {
    readonly command = name;
    readonly middlewareStack = { add: (): void => undefined };
    constructor(readonly input: unknown) {}
  };
}

/** Function of the program, started as Lambda does. */
export interface StartedFunction<Handler> {
  readonly handler: Handler;
  readonly sdk: FakeSdk;
  readonly environment: Record<string, string>;
  readonly shipped: ShippedFunction;
  /** Text that it wrote to standard output without the console. */
  readonly printed: string[];
}

/**
 * Starts a shipped function by its name in the program.
 * @param responses responses of AWS, as for `FakeSdk`.
 */
export async function startFunction<Handler>(
  program: Program,
  name: string,
  responses: Readonly<Record<string, unknown>> = {},
): Promise<StartedFunction<Handler>> {
  const lambda = resourceNamed(program, "aws:lambda/function:Function", name);
  const environment = environmentOf(lambda);
  const sdk = new FakeSdk(responses);
  const shipped = await shippedFunction(lambda);
  const printed: string[] = [];
  const print = (text: string): void => void printed.push(text);
  const handler = startShipped<Handler>(shipped, { environment, modules: sdk.modules, print });
  return { handler, sdk, environment, shipped, printed };
}

/** Returns the environment of a function, including the variables of Lambda: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
function environmentOf({ inputs, outputs, region }: ProgramResource): Record<string, string> {
  const name = String(outputs.name);
  return { AWS_REGION: region, AWS_LAMBDA_FUNCTION_NAME: name, ...(inputs.environment?.variables ?? {}) };
}
