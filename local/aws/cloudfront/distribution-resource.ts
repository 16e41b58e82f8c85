import { idOf } from "../inputs";
import { arnOf, type ResourceHandler } from "../resource";
import type { AliasTarget } from "../route53/alias-targets";
import type { DeployedDistribution, Distributions } from "./distributions";
import { Edge } from "./edge";
import { HOSTED_ZONE_ID, type Distribution } from "./model";
import { readDistribution, type DistributionContext } from "./read-distribution";

/** Part of the local Route 53 that distributions use: the registry of alias targets. */
export interface EndpointRegistry {
  registerAliasTarget(target: AliasTarget): void;
  unregisterAliasTarget(name: string): void;
}

/** Dependencies of the handler of distributions. */
export interface DistributionHandlerOptions {
  readonly distributions: Distributions;
  readonly context: DistributionContext;
  readonly route53: EndpointRegistry;
  /** Receives that a distribution has stopped using a certificate. */
  readonly endUse: (certificateArn: string, user: string) => void;
  /** Creates the edge of a new distribution. */
  readonly createEdge: (distribution: Distribution) => Edge;
  /** Waits as long as the deployment of a change to the edges takes. */
  readonly deployment: () => Promise<void>;
}

/**
 * Creates the handler of `aws:cloudfront/distribution:Distribution`. An update keeps the address, the connections and the cache of a
 * distribution; requests in flight finish with the old configuration. A change takes effect at the end of its deployment, for which the
 * provider waits by default (`waitForDeployment`).
 */
export function distributionHandler({
  distributions,
  context,
  route53,
  endUse,
  createEdge,
  deployment,
}: DistributionHandlerOptions): ResourceHandler {
  /** Deploys a change, and waits for the end of it if the inputs require that. */
  const deploy = async (deployed: DeployedDistribution, apply: () => void): Promise<void> => {
    deployed.isDeployed = false;
    const done = deployment().then(() => {
      apply();
      Object.assign(deployed, { isDeployed: true, isServing: true });
    });
    if (deployed.inputs.waitForDeployment !== false) await done;
  };
  return {
    updatable: UPDATABLE,
    unordered: [
      "aliases",
      "customErrorResponses",
      "defaultCacheBehavior.allowedMethods",
      "defaultCacheBehavior.cachedMethods",
      "originGroups",
      "originGroups.failoverCriteria.statusCodes",
      "origins",
      "restrictions.geoRestriction.locations",
    ],
    // `staging`, which is not supported, is the only attribute with ForceNew: internal/service/cloudfront/distribution.go
    replacing: {},
    create: async (resource) => {
      const { inputs } = resource;
      const id = `E${idOf(resource, 13).toUpperCase()}`;
      const identity = {
        id,
        arn: arnOf("cloudfront", "", `distribution/${id}`),
        domainName: `d${idOf(resource, 13)}.cloudfront.net`,
      };
      const distribution = readDistribution(identity, inputs, context);
      checkAliases(distribution.aliases, distributions);
      const edge = createEdge(distribution);
      const deployed = { edge, inputs, version: 1, isDeployed: false, isServing: false };
      distributions.add(deployed);
      route53.registerAliasTarget({ name: distribution.domainName, zoneId: HOSTED_ZONE_ID });
      await deploy(deployed, () => undefined);
      return { id, outputs: outputsOf(deployed) };
    },
    read: async ({ id }) => {
      const deployed = distributions.find(id);
      return deployed && { id, inputs: deployed.inputs, outputs: outputsOf(deployed) };
    },
    update: async ({ id }, inputs) => {
      const deployed = distributions.find(id);
      if (!deployed) throw new Error(`NoSuchDistribution: there is no distribution ${id}.`);
      const { certificateArn: previous } = deployed.edge.distribution;
      const distribution = readDistribution(deployed.edge.distribution, inputs, context);
      checkAliases(distribution.aliases, distributions, deployed.edge);
      deployed.inputs = inputs;
      deployed.version++;
      await deploy(deployed, () => {
        deployed.edge.distribution = distribution;
        if (previous !== undefined && distribution.certificateArn !== previous)
          endUse(previous, distribution.arn);
      });
      return outputsOf(deployed);
    },
    // The provider disables a distribution before it deletes it, and only disables one with `retainOnDelete`.
    delete: async ({ id, inputs }) => {
      const deployed = distributions.find(id);
      if (!deployed) return;
      const { edge } = deployed;
      edge.distribution = { ...edge.distribution, enabled: false };
      deployed.inputs = { ...deployed.inputs, enabled: false };
      await deployment();
      if (inputs.retainOnDelete === true) return;
      distributions.remove(id);
      const { arn, certificateArn } = edge.distribution;
      if (certificateArn !== undefined) endUse(certificateArn, arn);
      route53.unregisterAliasTarget(edge.distribution.domainName);
    },
  };
}

const UPDATABLE = [
  "aliases",
  "comment",
  "customErrorResponses",
  "defaultCacheBehavior.allowedMethods",
  "defaultCacheBehavior.cachePolicyId",
  "defaultCacheBehavior.cachedMethods",
  "defaultCacheBehavior.compress",
  "defaultCacheBehavior.responseHeadersPolicyId",
  "defaultCacheBehavior.targetOriginId",
  "defaultCacheBehavior.viewerProtocolPolicy",
  "defaultRootObject",
  "enabled",
  "httpVersion",
  "isIpv6Enabled",
  "originGroups",
  "origins.connectionAttempts",
  "origins.connectionTimeout",
  "origins.domainName",
  "origins.originAccessControlId",
  "origins.originId",
  "origins.responseCompletionTimeout",
  "priceClass",
  "restrictions",
  "retainOnDelete",
  "tags",
  "viewerCertificate.acmCertificateArn",
  "viewerCertificate.cloudfrontDefaultCertificate",
  "viewerCertificate.minimumProtocolVersion",
  "viewerCertificate.sslSupportMethod",
  "waitForDeployment",
];

function outputsOf({ edge, version, isDeployed }: DeployedDistribution): Record<string, unknown> {
  const { arn, domainName } = edge.distribution;
  const status = isDeployed ? "Deployed" : "InProgress";
  return { arn, domainName, hostedZoneId: HOSTED_ZONE_ID, status, etag: `E${version}` };
}

/** @param current edge of the distribution that is updated, which keeps its aliases. */
function checkAliases(aliases: readonly string[], distributions: Distributions, current?: Edge): void {
  for (const alias of aliases) {
    const owner = distributions.edgeOf(alias);
    if (owner && owner !== current)
      throw new Error(
        `CNAMEAlreadyExists: ${alias} is an alias of the distribution ${owner.distribution.id}. Remove it there first.`,
      );
  }
}
