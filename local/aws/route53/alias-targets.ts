import { canonicalName } from "./names";

/** An AWS endpoint that alias records may lead to, such as an API Gateway custom domain's regional name or a CloudFront distribution's. */
export interface AliasTarget {
  readonly name: string;
  /** The hosted zone id that AWS gives out with the endpoint. */
  readonly zoneId: string;
  /** AWS code of the region that answers there; absent for CloudFront, which is in none. */
  readonly region?: string;
}

/** The AWS endpoints that alias records may lead to. */
export class AliasTargets {
  private readonly targets = new Map<string, AliasTarget>();

  add(target: AliasTarget): void {
    this.targets.set(canonicalName(target.name), target);
  }

  /** @param name canonical. */
  find(name: string): AliasTarget | undefined {
    return this.targets.get(name);
  }
}
