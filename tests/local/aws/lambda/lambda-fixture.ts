import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { PoolLimits } from "../../../../local/aws/lambda/function-pool";
import type { Invocation, LambdaOptions } from "../../../../local/aws/lambda/lambda";
import { LocalLambda } from "../../../../local/aws/lambda/lambda";
import { Regions } from "../../../../local/aws/regions";
import type { ExistingResource } from "../../../../local/aws/resource";
import { createResource, updateResource } from "../../support/create-resource";

/** Local Lambda in a temporary directory, with its log lines. `remove` stops it and deletes the directory. */
export interface LambdaFixture {
  readonly lambda: LocalLambda;
  readonly regions: Regions;
  readonly directory: string;
  readonly logged: string[];
  /** Request ids of each log line. */
  readonly loggedIds: (readonly string[] | undefined)[];
  /** Creates a function from the text of its `index.js`, or from an archive. */
  deploy(code: string | pulumi.asset.Archive, inputs?: Record<string, unknown>): Promise<ExistingResource>;
  /** Updates a function with changed inputs. */
  change(
    existing: ExistingResource,
    changes: { readonly code?: string | pulumi.asset.Archive } & Record<string, unknown>,
  ): Promise<ExistingResource>;
  remove(): Promise<void>;
}

export const PROJECT = resolve(__dirname, "../../../..");

/** Starts Lambda with updates in two steps without a pause, unless `more` says otherwise. */
export async function startLambda(
  limits?: PoolLimits,
  more: Pick<
    LambdaOptions,
    | "concurrency"
    | "dnsServer"
    | "coldStartMs"
    | "sourceMapOf"
    | "onStart"
    | "mustStart"
    | "updateStep"
    | "runtimePackages"
  > &
    Partial<Pick<LambdaOptions, "endpointUrl">> = {},
): Promise<LambdaFixture> {
  const directory = await mkdtemp(join(tmpdir(), "lambda-test-"));
  const regions = new Regions([
    { name: "ireland", code: "eu-west-1" },
    { name: "singapore", code: "ap-southeast-1" },
  ]);
  const logged: string[] = [];
  const loggedIds: LambdaFixture["loggedIds"] = [];
  const options: LambdaOptions = {
    regions,
    iam: {
      issueCredentials: ({ roleArn, region, name }) => ({
        accessKeyId: `key of ${name}`,
        secretAccessKey: `secret of ${region}`,
        sessionToken: `session of ${roleArn}`,
      }),
    },
    endpointUrl: "http://127.0.0.1:9",
    directory,
    log: (source, line, requestIds) => {
      logged.push(`${source}: ${line}`);
      loggedIds.push(requestIds);
    },
    projectDirectory: PROJECT,
    limits,
    updateStep: async () => undefined,
    ...more,
  };
  const lambda = await LocalLambda.start(options);
  let count = 0;
  const deploy: LambdaFixture["deploy"] = (code, inputs = {}) =>
    createResource(
      lambda,
      "aws:lambda/function:Function",
      {
        handler: "index.handler",
        runtime: "nodejs22.x",
        role: "arn:aws:iam::000000000000:role/tester",
        code: archiveOf(code),
        ...inputs,
      },
      { name: `function-${++count}` },
    );
  const change: LambdaFixture["change"] = (existing, { code, ...changes }) =>
    updateResource(lambda, existing, {
      ...existing.inputs,
      ...changes,
      ...(code === undefined ? {} : { code: archiveOf(code) }),
    });
  const remove = async (): Promise<void> => {
    await lambda.close();
    await rm(directory, { recursive: true, force: true });
  };
  return { lambda, regions, directory, logged, loggedIds, deploy, change, remove };
}

function archiveOf(code: string | pulumi.asset.Archive): pulumi.asset.Archive {
  if (typeof code !== "string") return code;
  return new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.StringAsset(code) });
}

/** Returns type and message of a function's error. @throws AssertionError if the invocation succeeded. */
export function errorOf(result: Invocation): { errorType: string; errorMessage: string } {
  assert.ok("functionError" in result, "the invocation succeeded");
  const { errorType, errorMessage } = result.functionError;
  return { errorType, errorMessage };
}

/** Returns whether a process is alive. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
