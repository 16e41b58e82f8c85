import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Queue to declare. */
interface Described {
  readonly name: string;
  readonly inputs?: Record<string, unknown>;
  /** Name of a queue declared before, whose URL becomes the queue's `policy` or `redrivePolicy`. */
  readonly policyOf?: string;
  readonly redriveOf?: string;
  readonly dependsOn?: string;
  readonly region?: string;
  readonly options?: pulumi.CustomResourceOptions;
  /** Type of a component that becomes the parent. */
  readonly component?: string;
  readonly componentOptions?: pulumi.ComponentResourceOptions;
}

// Declares the queues that the configuration describes, so that a test can run any sequence of programs.
const config = new pulumi.Config();
const providers: Record<string, aws.Provider> = {};
const queues: Record<string, aws.sqs.Queue> = {};
for (const described of config.requireObject<Described[]>("queues")) {
  const {
    name,
    inputs,
    policyOf,
    redriveOf,
    dependsOn,
    region = "eu-west-1",
    options,
    component,
  } = described;
  const provider = (providers[region] ??= new aws.Provider(region, { region: region as aws.Region }));
  const parent = component
    ? new pulumi.ComponentResource(component, "group", {}, described.componentOptions)
    : undefined;
  const policies = {
    ...(policyOf && { policy: queues[policyOf].url }),
    ...(redriveOf && { redrivePolicy: queues[redriveOf].url }),
  };
  queues[name] = new aws.sqs.Queue(
    name,
    { ...inputs, ...policies },
    { provider, parent, ...options, ...(dependsOn && { dependsOn: queues[dependsOn] }) },
  );
}
if (config.get("error")) throw new Error(config.get("error"));

export const urls = Object.fromEntries(Object.entries(queues).map(([name, queue]) => [name, queue.url]));
export const names = Object.fromEntries(Object.entries(queues).map(([name, queue]) => [name, queue.name]));
