import { argumentProblem, parseOptions } from "../command-line/arguments";
import { parseStackName } from "../command-line/stack-name";

/** Options of a start of the local cloud. */
export interface LocalCloudOptions {
  /** Name of the Pulumi stack, as `pulumi.getStack()` returns it. */
  readonly stack: string;
  /** Domain in the program's configuration; undefined runs the program without one. */
  readonly domain: string | undefined;
  /** URL of a DynamoDB with Streams that replaces the embedded one. */
  readonly dynamodbEndpoint: string | undefined;
  /** Folder that stores the state; undefined keeps the state in memory. */
  readonly data: string | undefined;
  /** Port of the console, from which the others follow. 0 lets the system choose every port. */
  readonly port: number;
  /** Divides health-check intervals and TTLs; 1 is real time. */
  readonly speed: number;
  /** Regions that exist, those of the stack's configuration by default. A stack can use others only with this option. */
  readonly regions?: readonly { readonly name: string; readonly code: string }[];
  /** Whether saved changes of the program, its configuration and the web UI are applied while the local cloud runs; false by default. */
  readonly watch?: boolean;
  /** Time that CloudFront takes to deploy a change of a distribution, in seconds; 0 by default. */
  readonly distributionSeconds?: number;
  /** Whether API Gateway's own responses have no CORS headers; false by default. */
  readonly bareErrors?: boolean;
  /** Number of shards of each table's stream; 2 by default. */
  readonly shards?: number;
  /** Time for which an expired item can still be read, in seconds, divided by the speed; 0 by default. */
  readonly ttlDelaySeconds?: number;
  /** Minimum time of a cold start of a function, in milliseconds; 0 by default. */
  readonly coldStartMs?: number;
  /** Time of a round trip between clients and the API of the region that is not the primary, in milliseconds; 0 by default. */
  readonly roundTripMs?: number;
  /** Milliseconds after which queries of global secondary indexes see a write, not divided by the speed; 0 by default. */
  readonly indexDelayMs?: number;
  /** Age of the counts of messages that SQS returns, in seconds, divided by the speed; 0 by default. */
  readonly queueCountSeconds?: number;
  /** Quota of concurrent executions of the functions in each region; 1,000 by default. */
  readonly concurrency?: number;
  /** Time until a change of an event source mapping has an effect, in seconds at a speed of 1; 0 by default. */
  readonly mappingDelaySeconds?: number;
  /** File that receives every decision of IAM, one line of JSON each; undefined for none. */
  readonly iamLog?: string;
  /** Whether debuggers of functions may be opened; false by default. */
  readonly inspect?: boolean;
  /** Command that starts such a local cloud, for messages; options can follow it. `npm start --` by default. */
  readonly startCommand?: string;
}

/** The parsed command line. */
export interface CommandLine extends LocalCloudOptions {
  /** Prints one line of JSON with every address on standard output, everything else on standard error. */
  readonly json: boolean;
  readonly help: boolean;
  /** Checks the types of the program once both regions are healthy. */
  readonly types: boolean;
}

/** Shards of a stream: more than one, so that what depends on several is always seen, and few, because each is polled. */
export const DEFAULT_SHARDS = 2;
const MAXIMUM_SHARDS = 16;

/**
 * Time after which an index shows a write: "a fraction of a second, under normal conditions", see
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.Writes. Long enough that a list after a write misses it.
 */
const INDEX_DELAY_MS = 200;

/** The text of `--help`. */
export const HELP = `Runs the Pulumi program, with both regions, on this machine.

  npm start -- [options]

  --stack NAME               Pulumi stack: ireland (default) or singapore; also ORGANIZATION/NAME or ORGANIZATION/tickets/NAME
  --no-domain                run the program without a domain: no Route 53, no custom domains
  --dynamodb-endpoint URL    use another DynamoDB, which must have Streams, instead of the embedded one
  --data DIR                 keep tables, streams and certificates in this folder; in memory by default
  --port NUMBER              port of the console, 4700 by default; the other ports follow it; 0 takes any free ports
  --speed NUMBER             divide health-check intervals, schedules, DNS TTLs and takeoverAfterSeconds by this number, 1 to 100; 1 (default) is real time
  --shards NUMBER            shards of each table's stream, 1 to ${MAXIMUM_SHARDS}; ${DEFAULT_SHARDS} by default; each is read and replicated apart
  --ttl-delay SECONDS        keep expired items readable for this time, divided by --speed; 172800 (default) is two days, as on AWS
  --cold-start MS            let every cold start of a function take at least this long; 0 by default, 800 is usual on AWS
  --round-trip MS            round trip of clients to the region that is not the primary; 0 by default; 180 between Ireland and Singapore
  --index-delay MS           show writes in indexes after this time, also at a higher speed; ${INDEX_DELAY_MS} by default
  --queue-count-lag SECONDS  return the counts of messages in queues of this time ago, divided by --speed; 60 (default) as on AWS
  --concurrency NUMBER       quota of concurrent executions of the functions in each region, 10 to 1000; 1000 by default
  --mapping-delay SECONDS    time until a change of an event source mapping has an effect, divided by --speed, 0 to 600; 90 by default
  --iam-log FILE             write every decision of IAM to this file: role, action, resource and context, one line of JSON each
  --bare-errors              send API Gateway's own responses, such as a 429, without CORS headers
  --watch                    apply every saved change of the program, its configuration and the web UI at once
  --inspect                  let npm run debugger open debuggers for functions
  --json                     print one line of JSON with every address on standard output, then keep running
  --no-types                 skip the type check of the program after the start
  --help                     show this help

Press Ctrl-C to stop.`;

/** Domain in the program's configuration without `--no-domain`. */
const DOMAIN = "tickets.test";
const DEFAULT_PORT = 4700;
/** Highest port of the console. The ports of the other servers are above it. */
export const MAXIMUM_PORT = 65_000;
const MAXIMUM_SPEED = 100;
const MAXIMUM_DELAY_MS = 10_000;
/** Two days: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html */
const TTL_DELAY_SECONDS = 2 * 24 * 60 * 60;
/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html names at least one minute. */
const QUEUE_COUNT_SECONDS = 60;
const MAXIMUM_QUEUE_COUNT_SECONDS = 3600;
const MAXIMUM_TTL_DELAY_SECONDS = 30 * 24 * 60 * 60;

/** Returns the age of the counts of messages that SQS returns, in seconds at the speed of the local cloud. */
export function queueCountLagSeconds({
  queueCountSeconds = 0,
  speed,
}: Pick<LocalCloudOptions, "queueCountSeconds" | "speed">): number {
  return queueCountSeconds / speed;
}

/**
 * Parses the command line.
 * @throws Error that names the wrong option and the allowed values.
 */
export function readCommandLine(args: readonly string[]): CommandLine {
  const values = parse(args);
  return {
    stack: parseStackName(values.stack).stack,
    domain: values["no-domain"] ? undefined : DOMAIN,
    dynamodbEndpoint:
      values["dynamodb-endpoint"] === undefined
        ? undefined
        : httpUrl("--dynamodb-endpoint", values["dynamodb-endpoint"]),
    data: values.data === undefined ? undefined : folder("--data", values.data),
    port: numberBetween("--port", values.port, 0, MAXIMUM_PORT, "a whole number"),
    speed: numberBetween("--speed", values.speed, 1, MAXIMUM_SPEED, "a number"),
    shards: numberBetween("--shards", values.shards, 1, MAXIMUM_SHARDS, "a whole number"),
    ttlDelaySeconds: numberBetween(
      "--ttl-delay",
      values["ttl-delay"],
      0,
      MAXIMUM_TTL_DELAY_SECONDS,
      "a number",
    ),
    coldStartMs: milliseconds("--cold-start", values["cold-start"]),
    roundTripMs: milliseconds("--round-trip", values["round-trip"]),
    indexDelayMs: milliseconds("--index-delay", values["index-delay"]),
    queueCountSeconds: numberBetween(
      "--queue-count-lag",
      values["queue-count-lag"],
      0,
      MAXIMUM_QUEUE_COUNT_SECONDS,
      "a number",
    ),
    concurrency: numberBetween("--concurrency", values.concurrency, 10, 1000, "a whole number"),
    mappingDelaySeconds: numberBetween("--mapping-delay", values["mapping-delay"], 0, 600, "a number"),
    iamLog: values["iam-log"] === undefined ? undefined : file("--iam-log", values["iam-log"]),
    bareErrors: values["bare-errors"],
    watch: values.watch,
    inspect: values.inspect,
    json: values.json,
    help: values.help,
    types: !values["no-types"],
  };
}

const OPTIONS = {
  stack: { type: "string", default: "ireland" },
  "no-domain": { type: "boolean", default: false },
  "dynamodb-endpoint": { type: "string" },
  data: { type: "string" },
  port: { type: "string", default: String(DEFAULT_PORT) },
  speed: { type: "string", default: "1" },
  shards: { type: "string", default: String(DEFAULT_SHARDS) },
  "ttl-delay": { type: "string", default: String(TTL_DELAY_SECONDS) },
  "cold-start": { type: "string", default: "0" },
  "round-trip": { type: "string", default: "0" },
  "index-delay": { type: "string", default: String(INDEX_DELAY_MS) },
  "queue-count-lag": { type: "string", default: String(QUEUE_COUNT_SECONDS) },
  concurrency: { type: "string", default: "1000" },
  /** AWS: https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html ("up to 90 seconds") */
  "mapping-delay": { type: "string", default: "90" },
  "iam-log": { type: "string" },
  "bare-errors": { type: "boolean", default: false },
  watch: { type: "boolean", default: false },
  inspect: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  "no-types": { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

function parse(args: readonly string[]): ReturnType<typeof parseOptions<typeof OPTIONS>> {
  try {
    return parseOptions(args, OPTIONS);
  } catch (error) {
    throw new Error(`${argumentProblem(error as Error)}. See npm start -- --help.`, { cause: error });
  }
}

function numberBetween(name: string, text: string, minimum: number, maximum: number, kind: string): number {
  const value = Number(text);
  const isKind =
    text.trim() !== "" && (kind === "a number" ? Number.isFinite(value) : Number.isInteger(value));
  if (isKind && value >= minimum && value <= maximum) return value;
  throw new Error(`${name} is ${JSON.stringify(text)}, but must be ${kind} from ${minimum} to ${maximum}.`);
}

function milliseconds(name: string, text: string): number {
  return numberBetween(name, text, 0, MAXIMUM_DELAY_MS, "a whole number");
}

function folder(name: string, text: string): string {
  if (text.trim() !== "") return text;
  throw new Error(`${name} is empty, but must be a folder, which is created if it does not exist.`);
}

function file(name: string, text: string): string {
  if (text.trim() !== "") return text;
  throw new Error(`${name} is empty, but must be a file, which is created or emptied.`);
}

function httpUrl(name: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return text;
  throw new Error(`${name} is ${JSON.stringify(text)}, but must be a URL such as http://127.0.0.1:8000.`);
}
