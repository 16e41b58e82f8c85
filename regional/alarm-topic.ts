import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accountOf, arnBeside, denyPlainHttp, policyDocument, PolicyStatement } from "./policy";

/** Arguments of an alarm topic. */
export interface AlarmTopicArgs {
  /** E-mail address to subscribe; absent for no subscription. */
  readonly email?: string;
}

/**
 * SNS topic for the alarms of one region, to which only alarms of this account can publish. An alarm can notify only topics in its own
 * region.
 *
 * The topic is not encrypted: its messages contain descriptions of alarms and no ticket data. With the key `alias/aws/sns`, whose policy
 * does not let CloudWatch use it, every alarm would be silent: "Why didn't I receive an SNS notification",
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
 */
export class AlarmTopic extends pulumi.ComponentResource {
  readonly topic: aws.sns.Topic;

  constructor(name: string, { email }: AlarmTopicArgs, opts: pulumi.ComponentResourceOptions) {
    super("tickets:regional:AlarmTopic", name, {}, opts);

    this.topic = new aws.sns.Topic(name, {}, { parent: this });
    const { arn } = this.topic;
    new aws.sns.TopicPolicy(name, { arn, policy: policyDocument(publishedByAlarms(arn)) }, { parent: this });
    if (email)
      new aws.sns.TopicSubscription(
        name,
        { topic: this.topic.arn, protocol: "email", endpoint: email },
        { parent: this },
      );

    this.registerOutputs({ topic: this.topic });
  }
}

/**
 * Statements that let the alarms of the account and region of a topic publish, over TLS only. The statement names its action, because the
 * policy of a topic cannot contain `sns:*`.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html#sns-publish-to-topic-from-another-account
 */
function publishedByAlarms(topicArn: pulumi.Output<string>): PolicyStatement[] {
  const alarms = arnBeside(topicArn, "cloudwatch", "alarm:*");
  return [
    {
      principal: { Service: "cloudwatch.amazonaws.com" },
      actions: ["sns:Publish"],
      resources: [topicArn],
      condition: {
        StringEquals: { "aws:SourceAccount": accountOf(topicArn) },
        ArnLike: { "aws:SourceArn": alarms },
      },
    },
    denyPlainHttp(["sns:Publish"], topicArn),
  ];
}
