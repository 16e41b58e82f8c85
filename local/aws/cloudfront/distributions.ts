import type { DeclaredResource } from "../resource";
import { Edge } from "./edge";
import type { Distribution } from "./model";

/** A distribution and its edge. */
export interface DeployedDistribution {
  readonly edge: Edge;
  /** Inputs as they were last declared. */
  inputs: DeclaredResource["inputs"];
  /** Increases with each update. */
  version: number;
  /** Whether the last change has reached the edge. */
  isDeployed: boolean;
  /** Whether the edge serves it, which begins with the end of its first deployment. */
  isServing: boolean;
}

/** All distributions by id. */
export class Distributions {
  private readonly deployed = new Map<string, DeployedDistribution>();

  all(): Distribution[] {
    return [...this.deployed.values()].map(({ edge }) => edge.distribution);
  }

  find(id: string): DeployedDistribution | undefined {
    return this.deployed.get(id);
  }

  /** Returns the edge of the distribution with an alias or a domain name. */
  edgeOf(host: string): Edge | undefined {
    return [...this.deployed.values()].find(({ edge }) => namesOf(edge.distribution).includes(host))?.edge;
  }

  /** Returns the edge that serves an alias or a domain name. */
  servingEdgeOf(host: string): Edge | undefined {
    const found = [...this.deployed.values()].find(({ edge }) => namesOf(edge.distribution).includes(host));
    return found?.isServing ? found.edge : undefined;
  }

  add(deployed: DeployedDistribution): void {
    this.deployed.set(deployed.edge.distribution.id, deployed);
  }

  remove(id: string): void {
    this.deployed.delete(id);
  }
}

/** Returns the aliases and the domain name of a distribution. */
export function namesOf({ aliases, domainName }: Distribution): readonly string[] {
  return [...aliases, domainName];
}
