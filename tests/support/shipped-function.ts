import type { asset } from "@pulumi/pulumi";
import { join } from "node:path";
import { compileFunction } from "node:vm";
import { Program, ProgramResource, resourceNamed } from "./program";

/** A function's archive: what is uploaded to Lambda. */
export interface ShippedFunction {
  /** Paths in the archive. */
  readonly paths: readonly string[];
  /** The text of the serialised handler. */
  readonly text: string;
}

/** The archive of an `aws:lambda/function:Function` of the program. */
export async function shippedFunction({ inputs }: ProgramResource): Promise<ShippedFunction> {
  const code = inputs.code as asset.AssetArchive;
  const assets = (await code.assets) as Record<string, asset.StringAsset>;
  return { paths: Object.keys(assets).sort(), text: await assets["__index.js"].text };
}

/** What a serialised handler runs in. */
export interface Sandbox {
  readonly environment: Readonly<Record<string, string>>;
  /** What Lambda's runtime has beside the archive: modules by name. */
  readonly modules: Readonly<Record<string, unknown>>;
  /** Takes what the function writes to its standard output past the console. */
  readonly print: (text: string) => void;
}

/**
 * Starts a shipped function as Lambda does, with nothing of this process but Node's own modules: a module that is
 * neither in the archive nor in the sandbox cannot be required.
 * @returns the handler that the archive exports.
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
      throw new Error(`The function requires ${name}, which it has not got.`);
    // Part of the archive by this path; loading it from there is what the test is about.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    return require(join(__dirname, "..", "..", path));
  };
  const run = compileFunction(shipped.text, ["exports", "require", "process"], { filename: "__index.js" });
  run(exported, requireShipped, { env: environment, stdout: { write: print } });
  if (!exported.handler) throw new Error("The archive exports no handler.");
  return exported.handler;
}

/** One call that a function made to AWS. */
export interface SentCommand {
  /** Such as `PutItemCommand`. */
  readonly command: string;
  // Each command has its own shape; the test knows it.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly input: any;
  /** Of the client that sent it. */
  readonly region: string;
}

/** Stands in for the AWS SDK of Lambda's runtime and keeps what is sent. */
export class FakeSdk {
  readonly sent: SentCommand[] = [];
  readonly modules: Readonly<Record<string, unknown>>;

  /** @param answers what is answered to a command, by its name, or a function that makes it of the input; nothing by default. */
  constructor(answers: Readonly<Record<string, unknown>> = {}) {
    const client = this.clientClass(answers);
    const module = new Proxy({}, { get: (_, name) => member(String(name), client) });
    this.modules = {
      "@aws-sdk/client-dynamodb": module,
      "@aws-sdk/client-s3": module,
      "@aws-sdk/client-sqs": module,
      "@aws-sdk/lib-dynamodb": module,
    };
  }

  private clientClass(
    answers: Readonly<Record<string, unknown>>,
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
        const answer = answers[command] ?? {};
        return typeof answer === "function" ? answer(input) : answer;
      }
    };
  }
}

function member(name: string, client: unknown): unknown {
  if (!name.endsWith("Command")) return client;
  return class {
    readonly command = name;
    constructor(readonly input: unknown) {}
  };
}

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
