import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { dependencies } from "../package.json";
import { policyDocument, PolicyStatement } from "./policy";

/** What a function needs. */
export interface LambdaFunctionArgs<E, R> {
  /** Makes the handler, once per cold start. */
  readonly callbackFactory: aws.lambda.CallbackFactory<E, R>;
  /** What the function may do besides writing its own log. */
  readonly statements: readonly PolicyStatement[];
  readonly environment?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Packages of package.json that the handler requires at run time; the AWS SDK is Lambda's own. */
  readonly packages?: readonly string[];
  /** 1 to 900. */
  readonly timeoutSeconds: number;
  /** 128 to 10240; processing power grows with it. */
  readonly memoryMegabytes: number;
  readonly logRetentionDays: number;
}

const TRUST_LAMBDA: PolicyStatement = {
  actions: ["sts:AssumeRole"],
  principal: { Service: "lambda.amazonaws.com" },
};

/** A Lambda function with a role, a policy and a log group of its own. */
export class LambdaFunction<E, R> extends pulumi.ComponentResource {
  readonly function: aws.lambda.CallbackFunction<E, R>;

  constructor(name: string, args: LambdaFunctionArgs<E, R>, opts: pulumi.ComponentResourceOptions) {
    super("tickets:regional:LambdaFunction", name, {}, opts);

    const logGroup = new aws.cloudwatch.LogGroup(
      name,
      { retentionInDays: args.logRetentionDays },
      { parent: this },
    );
    const role = new aws.iam.Role(
      name,
      { assumeRolePolicy: policyDocument([TRUST_LAMBDA]) },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      name,
      { role: role.name, policy: policyDocument([...args.statements, writeLog(logGroup)]) },
      { parent: this },
    );
    this.function = new aws.lambda.CallbackFunction(
      name,
      {
        callbackFactory: args.callbackFactory,
        role: role.arn,
        runtime: aws.lambda.Runtime.NodeJS24dX,
        architectures: ["arm64"],
        timeout: args.timeoutSeconds,
        memorySize: args.memoryMegabytes,
        environment: args.environment && { variables: args.environment },
        loggingConfig: { logFormat: "JSON", logGroup: logGroup.name },
        codePathOptions: { extraExcludePackages: allPackagesExcept(args.packages ?? []) },
      },
      // Whatever calls the function depends on it, and so on the policy too.
      { parent: this, dependsOn: [policy, logGroup] },
    );

    this.registerOutputs({ function: this.function });
  }
}

/** The names of log streams are Lambda's choice. */
function writeLog(logGroup: aws.cloudwatch.LogGroup): PolicyStatement {
  return {
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    resources: [pulumi.interpolate`${logGroup.arn}:*`],
  };
}

/** A new list at every call, because Pulumi adds to it. */
function allPackagesExcept(wanted: readonly string[]): string[] {
  return Object.keys(dependencies).filter((name) => !wanted.includes(name));
}
