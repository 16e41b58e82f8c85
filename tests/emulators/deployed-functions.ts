import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateFunctionCommand, InvokeCommand, LambdaClient, type Runtime } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, S3Client, type BucketLocationConstraint } from "@aws-sdk/client-s3";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { createTableInput } from "../../local/aws/dynamodb/table-resource/table-inputs";
import { unpackArchive } from "../../local/aws/lambda/archive";
import { ofType, Program, ProgramResource } from "../support/mocked-program";
import type { MiniStack } from "./ministack";

const PROJECT = join(__dirname, "..", "..");
const ROLE = "arn:aws:iam::000000000000:role/any";

/** Creates the tables, queues and buckets of a program in an emulator, with the names that its functions know. */
export async function createStores(miniStack: MiniStack, program: Program): Promise<void> {
  for (const { region, inputs, outputs } of ofType(program, "aws:dynamodb/table:Table")) {
    const client = new DynamoDBClient(miniStack.client(region));
    await client.send(new CreateTableCommand(createTableInput(String(outputs.name), inputs)));
    client.destroy();
  }
  for (const { region, outputs } of ofType(program, "aws:sqs/queue:Queue")) {
    const client = new SQSClient(miniStack.client(region));
    await client.send(new CreateQueueCommand({ QueueName: String(outputs.name) }));
    client.destroy();
  }
  for (const { region, outputs } of ofType(program, "aws:s3/bucket:Bucket")) {
    const client = new S3Client({ ...miniStack.client(region), forcePathStyle: true });
    const CreateBucketConfiguration = { LocationConstraint: region as BucketLocationConstraint };
    await client.send(new CreateBucketCommand({ Bucket: String(outputs.bucket), CreateBucketConfiguration }));
    client.destroy();
  }
}

/** Result of an invocation. */
export interface Invoked {
  /** Error type of the emulator; absent if the handler returned. */
  readonly error?: string;
  // Each test knows the result of its function.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly result: any;
}

/** Functions of a program, created in an emulator from the archives that Pulumi built. */
export class DeployedFunctions {
  private readonly clients = new Map<string, LambdaClient>();

  constructor(
    private readonly miniStack: MiniStack,
    private readonly functions: readonly ProgramResource[],
  ) {}

  /** Creates every function with its archive, handler, runtime and environment. */
  async create(): Promise<void> {
    const folders = await Promise.all(this.functions.map((lambda) => this.unpack(lambda)));
    pack(folders);
    await Promise.all(
      this.functions.map((lambda, index) => this.createFunction(lambda, `${folders[index]}.zip`)),
    );
  }

  /** Invokes a function by its name in the program and waits for the result. */
  async invoke(name: string, event: unknown): Promise<Invoked> {
    const lambda = this.functions.find((candidate) => candidate.name === name);
    if (!lambda) throw new Error(`The program has no function ${name}.`);
    const { FunctionError, Payload } = await this.client(lambda.region).send(
      new InvokeCommand({ FunctionName: String(lambda.outputs.name), Payload: JSON.stringify(event) }),
    );
    const text = Payload?.transformToString() || "null";
    return {
      ...(FunctionError !== undefined && { error: `${FunctionError}: ${text}` }),
      result: JSON.parse(text),
    };
  }

  close(): void {
    for (const client of this.clients.values()) client.destroy();
  }

  private client(region: string): LambdaClient {
    let client = this.clients.get(region);
    if (!client) this.clients.set(region, (client = new LambdaClient(this.miniStack.client(region))));
    return client;
  }

  private async unpack({ name, inputs }: ProgramResource): Promise<string> {
    const folder = join(this.miniStack.folder, name);
    await unpackArchive(inputs.code, folder, PROJECT);
    return folder;
  }

  private async createFunction({ region, inputs, outputs }: ProgramResource, zip: string): Promise<void> {
    await this.client(region).send(
      new CreateFunctionCommand({
        FunctionName: String(outputs.name),
        Role: ROLE,
        Runtime: inputs.runtime as Runtime,
        Handler: inputs.handler,
        Architectures: inputs.architectures,
        MemorySize: inputs.memorySize,
        Timeout: inputs.timeout,
        Environment: { Variables: inputs.environment?.variables },
        Code: { ZipFile: readFileSync(zip) },
      }),
    );
  }
}

/** Packs folders as `FOLDER.zip`. Python can do that, and the emulator needs Python anyway. */
function pack(folders: readonly string[]): void {
  const code = "import shutil, sys\nfor folder in sys.argv[1:]: shutil.make_archive(folder, 'zip', folder)";
  const { status, stderr } = spawnSync("python3", ["-c", code, ...folders], { encoding: "utf8" });
  if (status !== 0) throw new Error(`The archives could not be packed: ${stderr}`);
}
