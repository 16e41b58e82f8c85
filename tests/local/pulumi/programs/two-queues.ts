import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const provider = new aws.Provider("ireland", { region: "eu-west-1" });
const group = new pulumi.ComponentResource("tickets:test:Group", "group", {}, { provider });
const first = new aws.sqs.Queue(
  "first",
  { delaySeconds: 5, policy: pulumi.secret("hidden") },
  { parent: group },
);
const second = new aws.sqs.Queue("second", { policy: first.arn }, { parent: group });

export const queues = { first: first.url, second: second.policy };
export const greeting = new pulumi.Config().get("greeting");
