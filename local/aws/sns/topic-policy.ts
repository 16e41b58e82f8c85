import { isDeepStrictEqual } from "node:util";
import { parsePolicy } from "../iam/policy";
import { ACCOUNT, type ResourceHandler } from "../resource";
import type { Topic } from "./topics";

/**
 * Actions that the policy of a topic can contain: https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html
 */
const ACTIONS = [
  ...["AddPermission", "DeleteTopic", "GetDataProtectionPolicy", "GetTopicAttributes"],
  ...["ListSubscriptionsByTopic", "ListTagsForResource", "Publish", "PutDataProtectionPolicy", "Receive"],
  ...["RemovePermission", "SetTopicAttributes", "Subscribe"],
].map((action) => `sns:${action}`.toLowerCase());

/**
 * Handler of topic policies. SNS rejects an action outside its list, also `sns:*`. A deleted policy is replaced by the one that SNS gives
 * a topic: `resourceTopicPolicyDelete` in internal/service/sns/topic_policy.go.
 * @param topics by ARN.
 */
export function topicPolicyHandler(topics: ReadonlyMap<string, Topic>): ResourceHandler {
  const put = (arn: string, policy: unknown): void => {
    const topic = topics.get(arn);
    if (!topic) throw new Error(`NotFound: Topic does not exist: ${arn}.`);
    checkPolicy(arn, policy);
    topic.policy = policy;
  };
  return {
    updatable: ["policy"],
    replacing: {
      arn: "internal/service/sns/topic_policy.go:42",
      region: "internal/provider/sdkv2/region.go:110",
    },
    create: async ({ inputs }) => {
      put(inputs.arn, inputs.policy);
      return { id: inputs.arn, outputs: { owner: ACCOUNT } };
    },
    read: async ({ id, inputs }) => {
      const policy = topics.get(id)?.policy;
      if (policy === undefined) return undefined;
      const current = isDeepStrictEqual(policy, inputs.policy) ? inputs : { ...inputs, arn: id, policy };
      return { id, inputs: current, outputs: { owner: ACCOUNT } };
    },
    update: async ({ id }, { policy }) => {
      put(id, policy);
      return { owner: ACCOUNT };
    },
    delete: async ({ id }) => {
      const topic = topics.get(id);
      if (topic) topic.policy = undefined;
    },
  };
}

/** @throws Error for a malformed policy, an action that SNS rejects, and a resource that is not the topic. */
function checkPolicy(arn: string, policy: unknown): void {
  for (const { actions, resources } of parsePolicy(policy, "resource", `the policy of topic ${arn}`)) {
    const wrong = actions.values.find((action) => !ACTIONS.includes(action.toLowerCase()));
    if (wrong !== undefined)
      throw new Error(
        `InvalidParameter: Invalid parameter: Policy statement action out of service scope! ${wrong} in the policy of ${arn}; ` +
          "name the actions, such as sns:Publish.",
      );
    if (resources?.values.some((resource) => resource !== arn))
      throw new Error(
        `InvalidParameter: Invalid parameter: Policy statement resource must be the topic ${arn}.`,
      );
  }
}
