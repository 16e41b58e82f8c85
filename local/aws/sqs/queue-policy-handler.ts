import type { LocalFauxqs } from "./fauxqs";
import { queueAttributes, sendToQueues, undefinedIfMissing } from "./queue-requests";
import { parsePolicy } from "../iam/policy";
import type { ResourceHandler } from "../resource";

/** Resource handler of `aws:sqs/queuePolicy:QueuePolicy`. The policy must be well-formed; it is not evaluated. */
export function queuePolicyHandler(fauxqs: Pick<LocalFauxqs, "inject">): ResourceHandler {
  const setPolicy = async (region: string, queueUrl: string, policy: string): Promise<void> => {
    const input = { QueueUrl: queueUrl, Attributes: { Policy: policy } };
    await sendToQueues(fauxqs, region, { operation: "SetQueueAttributes", input });
  };
  const put = async (region: string, queueUrl: string, policy: unknown): Promise<void> => {
    parsePolicy(policy, "resource", `the policy of queue ${queueUrl}`);
    await setPolicy(region, queueUrl, textOf(policy));
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
    delete: ({ id, region }) => setPolicy(region, id, "").catch(undefinedIfMissing),
  };
}

function textOf(policy: unknown): string {
  return typeof policy === "string" ? policy : JSON.stringify(policy);
}
