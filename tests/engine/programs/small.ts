import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

// A hundred resources of a few kinds. They take a fraction of the time of index.ts, and have the same configuration keys.
const config = new pulumi.Config();
const provider = new aws.Provider("ireland", { region: "eu-west-1" });
const retentionInDays = Number(config.get("logRetentionDays") ?? "30");

function statement(parts: object): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...parts }] });
}

const groups: aws.cloudwatch.LogGroup[] = [];
for (let index = 0; index < 40; index++)
  groups.push(
    new aws.cloudwatch.LogGroup(
      `group-${index}`,
      { retentionInDays },
      { provider, dependsOn: groups.slice(index % 5 === 0 ? -1 : index) },
    ),
  );

for (const [index, group] of groups.slice(0, 20).entries()) {
  const assumeRolePolicy = statement({
    Action: "sts:AssumeRole",
    Principal: { Service: "lambda.amazonaws.com" },
  });
  const role = new aws.iam.Role(`role-${index}`, { assumeRolePolicy }, { provider });
  const policy = group.arn.apply((arn) => statement({ Action: "logs:PutLogEvents", Resource: `${arn}:*` }));
  new aws.iam.RolePolicy(`role-${index}`, { role: role.name, policy }, { provider });
}

const api = new aws.apigatewayv2.Api("api", { protocolType: "HTTP" }, { provider });
new aws.apigatewayv2.Stage("api", { apiId: api.id, name: "$default", autoDeploy: true }, { provider });

const queues = config.get("domainName") ? 20 : 10;
for (let index = 0; index < queues; index++) new aws.sqs.Queue(`queue-${index}`, {}, { provider });
