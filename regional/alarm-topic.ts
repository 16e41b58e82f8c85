import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** What an alarm topic needs. */
export interface AlarmTopicArgs {
  /** Address to subscribe; absent for no subscription by the program. */
  readonly email?: string;
}

/** Where the alarms of one region are published; an alarm can notify topics of its own region only. */
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
