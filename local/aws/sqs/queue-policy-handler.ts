import type { LocalFauxqs } from "./fauxqs";
import { queueArn, queueAttributes, sendToQueues, undefinedIfMissing } from "./queue-requests";
import { parsePolicy, type Statement } from "../iam/policy";
import type { ResourceHandler } from "../resource";

/**
 * Resource handler of `aws:sqs/queuePolicy:QueuePolicy`.
 * @param policies receives the policy of each queue that has one, by ARN of the queue.
 */
export function queuePolicyHandler(
  fauxqs: Pick<LocalFauxqs, "inject">,
  policies: Map<string, readonly Statement[]>,
): ResourceHandler {
  const setPolicy = async (region: string, queueUrl: string, policy: string): Promise<void> => {
    const input = { QueueUrl: queueUrl, Attributes: { Policy: policy } };
    await sendToQueues(fauxqs, region, { operation: "SetQueueAttributes", input });
  };
  const put = async (region: string, queueUrl: string, policy: unknown): Promise<void> => {
    const statements = parsePolicy(policy, "resource", `the policy of queue ${queueUrl}`);
    await setPolicy(region, queueUrl, textOf(policy));
    policies.set(queueArn(region, queueUrl), statements);
  };
  return {
    updatable: ["policy"],
    replacing: { queueUrl: "internal/service/sqs/queue_policy.go:45" },
    remedies: { region: "Give the policy a provider of that region." },
    create: async ({ region, inputs }) => {
      await put(region, inputs.queueUrl, inputs.policy);
      return { id: inputs.queueUrl, outputs: {} };
    },
    read: async ({ id, region, inputs }) => {
      const policy = (await queueAttributes(fauxqs, region, id))?.Policy;
      if (!policy) return undefined;
      return { id, outputs: {}, inputs: policy === textOf(inputs.policy) ? inputs : { ...inputs, policy } };
    },
    update: async ({ id, region }, { policy }) => {
      await put(region, id, policy);
      return {};
    },
    delete: async ({ id, region }) => {
      policies.delete(queueArn(region, id));
      await setPolicy(region, id, "").catch(undefinedIfMissing);
    },
  };
}

function textOf(policy: unknown): string {
  return typeof policy === "string" ? policy : JSON.stringify(policy);
}
