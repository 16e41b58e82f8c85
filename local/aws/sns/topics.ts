import { isDeepStrictEqual } from "node:util";
import { expectOneOf } from "../inputs";
import {
  ACCOUNT,
  arnOf,
  type CreatedResource,
  type DeclaredResource,
  type ResourceHandler,
} from "../resource";

type Inputs = DeclaredResource["inputs"];

/** A topic with its subscriptions. */
export interface Topic {
  inputs: Inputs;
  /** Policy document; undefined for the one that SNS gives a topic, which allows its account everything. */
  policy?: unknown;
  /** Inputs by subscription ARN. */
  readonly subscriptions: Map<string, Inputs>;
}

/**
 * Handler of topics.
 *
 * `CreateTopic` returns an existing topic of the name, and the provider does not check for one: two resources of one name are one
 * topic, and deleting either deletes it. Only different tags are refused.
 * See https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html and https://github.com/pulumi/pulumi-aws/pull/3235.
 * @param topics by ARN.
 */
export function topicHandler(topics: Map<string, Topic>): ResourceHandler {
  const outputs = (arn: string): CreatedResource["outputs"] => ({
    arn,
    name: arn.split(":")[5],
    owner: ACCOUNT,
    fifoTopic: false,
  });
  return {
    updatable: ["displayName", "tags"],
    replacing: {
      name: "internal/service/sns/topic.go:139",
      region: "internal/provider/sdkv2/region.go:110",
    },
    autoName: { input: "name", maxLength: 256 },
    create: async ({ inputs, region }) => {
      const arn = arnOf("sns", region, checkedName(inputs.name));
      const existing = topics.get(arn);
      if (existing && !isDeepStrictEqual(existing.inputs.tags ?? {}, inputs.tags ?? {}))
        throw new Error(
          `InvalidParameter: Invalid parameter: Tags Reason: Topic already exists with different tags: ${arn}.`,
        );
      if (existing) existing.inputs = { ...existing.inputs, ...inputs };
      else topics.set(arn, { inputs, subscriptions: new Map() });
      return { id: arn, outputs: outputs(arn) };
    },
    read: async ({ id }) => {
      const topic = topics.get(id);
      return topic && { id, inputs: topic.inputs, outputs: outputs(id) };
    },
    update: async ({ id }, inputs) => {
      const topic = topics.get(id);
      if (!topic) throw new Error(`NotFound: Topic does not exist: ${id}.`);
      topic.inputs = inputs;
      return outputs(id);
    },
    // "Deletes a topic and all its subscriptions." https://docs.aws.amazon.com/sns/latest/api/API_DeleteTopic.html
    delete: async ({ id }) => void topics.delete(id),
  };
}

/**
 * Handler of e-mail subscriptions, which stay unconfirmed. `Subscribe` returns the subscription that a topic already has for an
 * endpoint: https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
 *
 * AWS keeps an unconfirmed subscription for some days. The provider ignores that refusal, so such a subscription is deleted at once
 * here: "Cannot unsubscribe a subscription that is pending confirmation", internal/service/sns/topic_subscription.go.
 * @param topics by ARN.
 */
export function subscriptionHandler(topics: ReadonlyMap<string, Topic>): ResourceHandler {
  const outputs = (arn: string): CreatedResource["outputs"] => ({
    arn,
    ownerId: ACCOUNT,
    pendingConfirmation: true,
    confirmationWasAuthenticated: false,
  });
  const find = (arn: string): Inputs | undefined => topics.get(topicOf(arn))?.subscriptions.get(arn);
  return {
    updatable: [],
    replacing: {
      topic: "internal/service/sns/topic_subscription.go:135",
      protocol: "internal/service/sns/topic_subscription.go:97",
      endpoint: "internal/service/sns/topic_subscription.go:62",
      region: "internal/provider/sdkv2/region.go:110",
    },
    create: async ({ inputs, region, physicalName }) => {
      expectOneOf("protocol", inputs.protocol, ["email", "email-json"]);
      const topic = topics.get(inputs.topic);
      if (inputs.topic.split(":")[3] !== region)
        throw new Error(
          `InvalidParameter: Invalid parameter: TopicArn: ${inputs.topic} is not in ${region}.`,
        );
      if (!topic) throw new Error(`NotFound: Topic does not exist: ${inputs.topic}.`);
      const existing = [...topic.subscriptions].find(
        ([, { protocol, endpoint }]) => protocol === inputs.protocol && endpoint === inputs.endpoint,
      );
      const arn = existing?.[0] ?? `${inputs.topic}:${physicalName}`;
      topic.subscriptions.set(arn, inputs);
      return { id: arn, outputs: outputs(arn) };
    },
    read: async ({ id }) => {
      const inputs = find(id);
      return inputs && { id, inputs, outputs: outputs(id) };
    },
    update: async ({ id }) => {
      if (!find(id)) throw new Error(`NotFound: Subscription does not exist: ${id}.`);
      return outputs(id);
    },
    delete: async ({ id }) => void topics.get(topicOf(id))?.subscriptions.delete(id),
  };
}

/** @throws Error for a name that SNS rejects: https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html */
function checkedName(name: string): string {
  if (/^[\w-]{1,256}$/.test(name)) return name;
  throw new Error(
    `InvalidParameter: Invalid parameter: Topic Name: ${JSON.stringify(name)} must be 1 to 256 letters, digits, hyphens or underscores.`,
  );
}

function topicOf(subscriptionArn: string): string {
  return subscriptionArn.split(":").slice(0, 6).join(":");
}
