import { CertificateAuthority } from "../../../../../local/aws/acm/certificate-authority";

/** A certificate authority and a certificate that it signed, in PEM. */
export interface TestCertificates {
  readonly ca: string;
  readonly key: string;
  readonly cert: string;
}

/** Creates a certificate authority and a certificate for the names. */
export async function createCertificates(names: readonly string[]): Promise<TestCertificates> {
  const authority = await CertificateAuthority.open();
  return { ca: authority.certificate, ...(await authority.issue(names)) };
}
