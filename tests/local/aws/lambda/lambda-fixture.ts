import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { PoolLimits } from "../../../../local/aws/lambda/function-pool";
import type { LambdaOptions } from "../../../../local/aws/lambda/lambda";
import { LocalLambda } from "../../../../local/aws/lambda/lambda";
import { Regions } from "../../../../local/aws/regions";
import type { DeclaredResource, CreatedResource } from "../../../../local/aws/resource";

/** Local Lambda in a temporary directory, with its log lines. `remove` stops it and deletes the directory. */
export interface LambdaFixture {
  readonly lambda: LocalLambda;
  readonly regions: Regions;
  readonly directory: string;
  readonly logged: string[];
  /** Creates a function from the text of its `index.js`, or from an archive. */
  deploy(code: string | pulumi.asset.Archive, inputs?: Record<string, unknown>): Promise<CreatedResource>;
  remove(): Promise<void>;
}

export const PROJECT = resolve(__dirname, "../../../..");

/** @param dnsServer returns address and port of the functions' DNS server. */
export async function startLambda(limits?: PoolLimits, dnsServer?: () => string): Promise<LambdaFixture> {
  const directory = await mkdtemp(join(tmpdir(), "lambda-test-"));
  const regions = new Regions([
    { name: "ireland", code: "eu-west-1" },
    { name: "singapore", code: "ap-southeast-1" },
  ]);
  const logged: string[] = [];
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
    dnsServer,
    directory,
    log: (source, line) => logged.push(`${source}: ${line}`),
    projectDirectory: PROJECT,
    limits,
  };
  const lambda = await LocalLambda.start(options);
  let count = 0;
  const deploy: LambdaFixture["deploy"] = (code, inputs = {}) => {
    const archive =
      typeof code === "string"
        ? new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.StringAsset(code) })
        : code;
    return lambda.resourceHandlers["aws:lambda/function:Function"].create(
      functionResource(`function-${++count}`, { code: archive, ...inputs }),
    );
  };
  const remove = async (): Promise<void> => {
    await lambda.close();
    await rm(directory, { recursive: true, force: true });
  };
  return { lambda, regions, directory, logged, deploy, remove };
}

/** Declared function in Ireland with all required inputs. */
function functionResource(name: string, inputs: Record<string, unknown>): DeclaredResource {
  return {
    type: "aws:lambda/function:Function",
    name,
    region: "eu-west-1",
    physicalName: `${name}-0123456`,
    inputs: {
      handler: "index.handler",
      runtime: "nodejs22.x",
      role: "arn:aws:iam::000000000000:role/tester",
      ...inputs,
    },
  };
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
