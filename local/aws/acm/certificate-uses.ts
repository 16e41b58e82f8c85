/** Service whose resources use certificates. */
export interface CertificateUser {
  /** Returns the ARNs of the resources that use a certificate, which then cannot be deleted. */
  certificateUsers(certificateArn: string): readonly string[];
}

/**
 * Uses of certificates. As on AWS, a certificate stays in use for a while after its last user was deleted or has got another one.
 * Observed: https://github.com/hashicorp/terraform-provider-aws/pull/9461 ("up to 60 minutes") and
 * https://github.com/aws/aws-cdk/issues/36265
 */
export class CertificateUses {
  private readonly users: CertificateUser[] = [];
  /** Times in milliseconds when resources stopped using a certificate, by its ARN and theirs. */
  private readonly ended = new Map<string, Map<string, number>>();

  /** @param releaseMs time for which an ended use still counts, in milliseconds. */
  constructor(public releaseMs: number) {}

  /** Registers a service whose resources use certificates. */
  addUser(user: CertificateUser): void {
    this.users.push(user);
  }

  /** Records that a resource has stopped using a certificate. */
  end(certificateArn: string, user: string): void {
    const ended = this.ended.get(certificateArn) ?? new Map<string, number>();
    this.ended.set(certificateArn, ended.set(user, Date.now()));
  }

  /** Returns the ARNs of the resources that use a certificate. */
  current(certificateArn: string): string[] {
    return this.users.flatMap((user) => user.certificateUsers(certificateArn));
  }

  /** Returns the ended uses that still count, each with the time until it no longer does, in milliseconds. */
  lingering(certificateArn: string): { readonly user: string; readonly leftMs: number }[] {
    return [...(this.ended.get(certificateArn) ?? [])]
      .map(([user, endedAt]) => ({ user, leftMs: endedAt + this.releaseMs - Date.now() }))
      .filter(({ leftMs }) => leftMs > 0);
  }

  /** Forgets a certificate that was deleted. */
  forget(certificateArn: string): void {
    this.ended.delete(certificateArn);
  }
}
