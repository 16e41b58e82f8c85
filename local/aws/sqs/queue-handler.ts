import type { LocalFauxqs } from "./fauxqs";
import { queueArn, queueAttributes, sendToQueues, undefinedIfMissing } from "./queue-requests";
import { inputError } from "../inputs";
import { checkKmsKey } from "../kms-key";
import { arnOf, type CreatedResource, type DeclaredResource, type ResourceHandler } from "../resource";

type Inputs = DeclaredResource["inputs"];

/** Attribute that an input sets, and its value without the input; "" for none. */
interface QueueAttribute {
  readonly name: string;
  readonly default: string;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
const ATTRIBUTES: Readonly<Record<string, QueueAttribute>> = {
  delaySeconds: { name: "DelaySeconds", default: "0" },
  maxMessageSize: { name: "MaximumMessageSize", default: "1048576" },
  messageRetentionSeconds: { name: "MessageRetentionPeriod", default: "345600" },
  receiveWaitTimeSeconds: { name: "ReceiveMessageWaitTimeSeconds", default: "0" },
  redrivePolicy: { name: "RedrivePolicy", default: "" },
  visibilityTimeoutSeconds: { name: "VisibilityTimeout", default: "30" },
};

/** Inputs without effect on a queue here. The role of a caller must allow it to use the KMS key. */
const IGNORED_INPUTS = ["kmsDataKeyReusePeriodSeconds", "kmsMasterKeyId", "sqsManagedSseEnabled", "tags"];

/**
 * Resource handler of `aws:sqs/queue:Queue`. On AWS, a queue of the same name can be created again only 60 seconds after its
 * deletion; the provider waits until then. Here it can be created again at once.
 * @param endpointUrl AWS endpoint of the functions. Queue URLs begin with it.
 * @param kmsKeys receives the KMS key of each queue that has one, by ARN of the queue.
 * @param policies by ARN of the queue; that of a deleted queue is removed.
 */
export function queueHandler(
  fauxqs: Pick<LocalFauxqs, "inject">,
  endpointUrl: string,
  kmsKeys: Map<string, string>,
  policies: Map<string, unknown>,
): ResourceHandler {
  const setKey = (name: string, region: string, { kmsMasterKeyId }: Inputs): void => {
    const arn = arnOf("sqs", region, name);
    if (kmsMasterKeyId) kmsKeys.set(arn, kmsMasterKeyId);
    else kmsKeys.delete(arn);
  };
  return {
    updatable: [...Object.keys(ATTRIBUTES), ...IGNORED_INPUTS],
    replacing: { name: "internal/service/sqs/queue.go:110" },
    remedies: {
      policy: "Use an aws.sqs.QueuePolicy.",
      region: "Give the queue a provider of that region.",
    },
    autoName: { input: "name", maxLength: 80 },
    // As SQS, this returns an existing queue with the same attributes, and rejects other attributes with QueueNameExists.
    create: async ({ inputs, region }) => {
      const name = checkedName(inputs.name);
      checkEncryption(inputs, region);
      const attributes = attributesOf(inputs);
      for (const [attribute, value] of Object.entries(attributes))
        if (value === "") delete attributes[attribute];
      const { QueueUrl } = await sendToQueues(fauxqs, region, {
        operation: "CreateQueue",
        input: { QueueName: name, Attributes: attributes },
        host: new URL(endpointUrl).host,
      }).catch((error: Error) => {
        throw new Error(`The queue ${name} cannot be created: ${error.message}`, { cause: error });
      });
      const url = QueueUrl as string;
      setKey(name, region, inputs);
      return { id: url, outputs: outputsOf(url, name, region) };
    },
    read: async ({ id, inputs, region }) => {
      const attributes = await queueAttributes(fauxqs, region, id);
      if (!attributes) return undefined;
      const name = id.slice(id.lastIndexOf("/") + 1);
      const current = { ...inputs, name, ...changedInputs(inputs, attributes) };
      return { id, outputs: outputsOf(id, name, region), inputs: current };
    },
    update: async ({ id, region }, inputs) => {
      checkEncryption(inputs, region);
      const input = { QueueUrl: id, Attributes: attributesOf(inputs) };
      await sendToQueues(fauxqs, region, { operation: "SetQueueAttributes", input });
      setKey(inputs.name, region, inputs);
      return outputsOf(id, inputs.name, region);
    },
    delete: async ({ id, region }) => {
      const arn = queueArn(region, id);
      kmsKeys.delete(arn);
      policies.delete(arn);
      const request = { operation: "DeleteQueue", input: { QueueUrl: id } } as const;
      await sendToQueues(fauxqs, region, request).catch(undefinedIfMissing);
    },
  };
}

function checkedName(name: unknown): string {
  if (/^[\w-]{1,80}$/.test(String(name))) return String(name);
  throw new Error(`The queue name ${JSON.stringify(name)} must be 1 to 80 letters, digits, _ or - long.`);
}

/** The provider rejects both kinds of encryption: `ConflictsWith` in internal/service/sqs/queue.go. */
function checkEncryption({ kmsMasterKeyId, sqsManagedSseEnabled }: Inputs, region: string): void {
  if (kmsMasterKeyId && sqsManagedSseEnabled !== undefined && sqsManagedSseEnabled !== null)
    throw inputError("kmsMasterKeyId", "it conflicts with sqsManagedSseEnabled; leave one of them out.");
  checkKmsKey("kmsMasterKeyId", kmsMasterKeyId, region);
}

function outputsOf(url: string, name: string, region: string): CreatedResource["outputs"] {
  return { url, name, arn: arnOf("sqs", region, name) };
}

/** Returns all attributes that inputs set, as the provider sends them. */
function attributesOf(inputs: Inputs): Record<string, string> {
  const entries = Object.entries(ATTRIBUTES).map(([input, attribute]) => [
    attribute.name,
    String(inputs[input] ?? attribute.default),
  ]);
  return Object.fromEntries(entries);
}

/** Returns the inputs of attributes that differ from the declared ones. */
function changedInputs(declared: Inputs, actual: Readonly<Record<string, string>>): Inputs {
  const expected = attributesOf(declared);
  const changed = Object.entries(ATTRIBUTES)
    .map(([input, { name }]) => ({ input, name, value: actual[name] ?? "" }))
    .filter(({ name, value }) => value !== expected[name])
    .map(({ input, value }) => [input, input === "redrivePolicy" ? value : Number(value)]);
  return Object.fromEntries(changed);
}
