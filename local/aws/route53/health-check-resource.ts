import { arnOf, type DeclaredResource, type ResourceHandler } from "../resource";
import { parseHealthCheck, type HealthCheckConfig, type HealthCheckInputs } from "./health-check-config";
import type { HealthChecks } from "./health-checks";
import { uuidOf } from "../seeded-ids";
import { checkTags } from "./tags";

type Inputs = DeclaredResource["inputs"];

/** Creates the handler of `aws:route53/healthCheck:HealthCheck`. */
export function healthCheckHandler(checks: HealthChecks): ResourceHandler {
  const declared = new Map<string, Inputs>();
  const read = (id: string, name: string, inputs: Inputs): HealthCheckConfig => {
    checkTags(`Health check ${name}`, inputs.tags);
    return parseHealthCheck(id, name, inputs as HealthCheckInputs, (child) => checks.has(child));
  };
  return {
    updatable: [
      "childHealthThreshold",
      "childHealthchecks",
      "disabled",
      "enableSni",
      "failureThreshold",
      "fqdn",
      "invertHealthcheck",
      "ipAddress",
      "port",
      "regions",
      "resourcePath",
      "searchString",
      "tags",
    ],
    unordered: ["childHealthchecks", "regions"],
    // https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeTagsForResource.html
    maximumTags: 10,
    replacing: {
      measureLatency: "internal/service/route53/health_check.go:115",
      referenceName: "internal/service/route53/health_check.go:125",
      requestInterval: "internal/service/route53/health_check.go:146",
      type: "internal/service/route53/health_check.go:176",
    },
    create: async ({ name, inputs, physicalName }) => {
      const id = uuidOf(physicalName);
      checks.add(read(id, name, inputs));
      declared.set(id, inputs);
      return { id, outputs: outputsOf(id) };
    },
    read: async ({ id }) => {
      const inputs = declared.get(id);
      return inputs && { id, inputs, outputs: outputsOf(id) };
    },
    update: async ({ id, name }, inputs) => {
      checks.update(read(id, name, { ...keptInputs(checks.config(id)), ...withoutUndefined(inputs) }));
      declared.set(id, inputs);
      return outputsOf(id);
    },
    // Also while records and calculated checks use it: https://docs.aws.amazon.com/Route53/latest/APIReference/API_DeleteHealthCheck.html
    delete: async ({ id }) => {
      checks.remove(id);
      declared.delete(id);
    },
  };
}

/** Returns the values that the provider keeps when an update leaves them out, because its attributes are `Computed`. */
function keptInputs(config: HealthCheckConfig): Inputs {
  return config.kind === "endpoint"
    ? { failureThreshold: config.failureThreshold, enableSni: config.sni }
    : {};
}

function withoutUndefined(inputs: Inputs): Inputs {
  return Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== undefined));
}

function outputsOf(id: string): Record<string, unknown> {
  return { arn: arnOf("route53", "", `healthcheck/${id}`) };
}
