import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from "jose";

/** How keys are rotated. */
export interface KeyRotation {
  /**
   * Whether the new key is the one that was published before, so that verifiers with cached keys know it; true by default. False signs
   * with a key that no verifier has seen.
   */
  readonly announced?: boolean;
  /** Whether tokens that were signed with earlier keys become invalid; false by default. */
  readonly withdrawOld?: boolean;
}

/**
 * Key pairs of the local issuer: the one that signs, the one that signs after the next rotation, and earlier ones. The next one is
 * published in advance, because API Gateway caches keys for two hours and then rejects tokens with a key that it does not know.
 */
export class IssuerKeys {
  private constructor(
    private readonly previous: readonly JWK[],
    private readonly current: JWK,
    private readonly next: JWK,
  ) {}

  static async generate(): Promise<IssuerKeys> {
    const [current, next] = await Promise.all([newKey(), newKey()]);
    return new IssuerKeys([], current, next);
  }

  async rotated({ announced = true, withdrawOld = false }: KeyRotation): Promise<IssuerKeys> {
    const [current, next] = await Promise.all([announced ? this.next : newKey(), newKey()]);
    return new IssuerKeys(withdrawOld ? [] : [this.current, ...this.previous], current, next);
  }

  /** Private keys. The first one signs. */
  get all(): JWK[] {
    return [this.current, this.next, ...this.previous];
  }

  /** Public keys. */
  get published(): JWK[] {
    return this.all.map(({ kty, kid, alg, use, n, e }) => ({ kty, kid, alg, use, n, e }));
  }

  /** Id of the key that signs. */
  get currentId(): string | undefined {
    return this.current.kid;
  }
}

async function newKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: "RS256", use: "sig" };
}
