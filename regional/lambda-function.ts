import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { dependencies } from "../package.json";
import { policyDocument, PolicyStatement } from "./policy";

/** Arguments of a Lambda function. */
export interface LambdaFunctionArgs<E, R> {
  /** Creates the handler, once per cold start. */
  readonly callbackFactory: aws.lambda.CallbackFactory<E, R>;
  /** Permissions of the function besides writing its log. */
  readonly statements: readonly PolicyStatement[];
  readonly environment?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Packages of package.json that the handler requires at run time. The Lambda runtime provides the AWS SDK. */
  readonly packages?: readonly string[];
  /** 1 to 900. */
  readonly timeoutSeconds: number;
  /** 128 to 10240; CPU power is proportional to it. */
  readonly memoryMegabytes: number;
  readonly logRetentionDays: number;
  /** Executions that only this function can use, and the most it can use; it shares those of its region without it. */
  readonly reservedConcurrency?: number;
}

const TRUST_LAMBDA: PolicyStatement = {
  actions: ["sts:AssumeRole"],
  principal: { Service: "lambda.amazonaws.com" },
};

/** Name of the alias that every caller uses. */
const LIVE = "live";

/**
 * Lambda function with its own role, policy and log group. Every release publishes a version and moves the alias to it, so that code and
 * configuration switch together: the provider changes the configuration of `$LATEST` first and its code seconds later.
 */
export class LambdaFunction<E, R> extends pulumi.ComponentResource {
  /** The function. Its ARN without a qualifier runs `$LATEST`, which is half changed during a release; callers use {@link live}. */
  readonly function: aws.lambda.CallbackFunction<E, R>;
  /** Alias of the released version, with which callers invoke the function. */
  readonly live: aws.lambda.Alias;

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
        reservedConcurrentExecutions: args.reservedConcurrency,
        environment: args.environment && { variables: args.environment },
        loggingConfig: { logFormat: "JSON", logGroup: logGroup.name },
        publish: true,
        codePathOptions: { extraExcludePackages: allPackagesExcept(args.packages ?? []) },
      },
      // Callers depend on the function, and through it on the policy.
      { parent: this, dependsOn: [policy, logGroup] },
    );

    this.live = new aws.lambda.Alias(
      name,
      { name: LIVE, functionName: this.function.name, functionVersion: this.function.version },
      { parent: this },
    );

    this.registerOutputs({ function: this.function, live: this.live });
  }
}

/** Statement for all log streams of a group: Lambda chooses their names. */
function writeLog(logGroup: aws.cloudwatch.LogGroup): PolicyStatement {
  return {
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    resources: [pulumi.interpolate`${logGroup.arn}:*`],
  };
}

/** Returns a new list at every call, because Pulumi modifies it. */
function allPackagesExcept(wanted: readonly string[]): string[] {
  return Object.keys(dependencies).filter((name) => !wanted.includes(name));
}
