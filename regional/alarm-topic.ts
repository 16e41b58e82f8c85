import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Arguments of an alarm topic. */
export interface AlarmTopicArgs {
  /** E-mail address to subscribe; absent for no subscription. */
  readonly email?: string;
}

/** SNS topic for the alarms of one region. An alarm can notify only topics in its own region. */
export class AlarmTopic extends pulumi.ComponentResource {
  readonly topic: aws.sns.Topic;

  constructor(name: string, { email }: AlarmTopicArgs, opts: pulumi.ComponentResourceOptions) {
    super("tickets:regional:AlarmTopic", name, {}, opts);

    this.topic = new aws.sns.Topic(name, {}, { parent: this });
    if (email)
      new aws.sns.TopicSubscription(
        name,
        { topic: this.topic.arn, protocol: "email", endpoint: email },
        { parent: this },
      );

    this.registerOutputs({ topic: this.topic });
  }
}
