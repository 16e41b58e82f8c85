import { canonicalName } from "./names";

/** AWS endpoint that alias records may point to, such as the regional name of a custom domain or the name of a distribution. */
export interface AliasTarget {
  readonly name: string;
  /** Hosted zone id that AWS publishes with the endpoint. */
  readonly zoneId: string;
  /** AWS code of the endpoint's region; undefined for CloudFront, which is in none. */
  readonly region?: string;
}

/** Registry of the AWS endpoints that alias records may point to. */
export class AliasTargets {
  private readonly targets = new Map<string, AliasTarget>();

  add(target: AliasTarget): void {
    this.targets.set(canonicalName(target.name), target);
  }

  remove(name: string): void {
    this.targets.delete(canonicalName(name));
  }

  /** @param name canonical name of the endpoint. */
  find(name: string): AliasTarget | undefined {
    return this.targets.get(name);
  }
}
