import { X509Certificate } from "node:crypto";
import { ACCOUNT, type DeclaredResource } from "../resource";
import { digestOf } from "../seeded-ids";
import type { KeyPair } from "./certificate-authority";

/** Domain name of a certificate and the CNAME that proves control over it. Record names end with a dot, as on AWS. */
export interface ValidationOption {
  readonly domainName: string;
  readonly resourceRecordName: string;
  readonly resourceRecordType: "CNAME";
  readonly resourceRecordValue: string;
}

/** Certificate that was requested; it is pending validation until it has a key pair. */
export interface Certificate {
  readonly arn: string;
  readonly names: readonly string[];
  readonly validation: readonly ValidationOption[];
  /** Inputs as they were last declared. */
  inputs: DeclaredResource["inputs"];
  issued?: KeyPair;
}

/** Certificates of all regions by ARN. */
export class Certificates {
  private readonly certificates = new Map<string, Certificate>();

  add(certificate: Certificate): void {
    this.certificates.set(certificate.arn, certificate);
  }

  find(arn: string): Certificate | undefined {
    return this.certificates.get(arn);
  }

  /** @throws Error when there is no such certificate. */
  get(arn: string): Certificate {
    const certificate = this.find(arn);
    if (!certificate) throw new Error(`ResourceNotFoundException: There is no certificate ${arn}.`);
    return certificate;
  }

  delete(arn: string): void {
    this.certificates.delete(arn);
  }

  clear(): void {
    this.certificates.clear();
  }
}

/** Returns the outputs of a certificate as it is now. Times are in RFC 3339, and present once the certificate is issued. */
export function certificateOutputs({ arn, names, validation, issued }: Certificate): Record<string, unknown> {
  return {
    arn,
    domainName: names[0],
    subjectAlternativeNames: names,
    domainValidationOptions: validation,
    status: issued ? "ISSUED" : "PENDING_VALIDATION",
    type: "AMAZON_ISSUED",
    ...(issued && validityOf(issued)),
  };
}

function validityOf({ cert }: KeyPair): { notBefore: string; notAfter: string } {
  const { validFrom, validTo } = new X509Certificate(cert);
  return { notBefore: new Date(validFrom).toISOString(), notAfter: new Date(validTo).toISOString() };
}

/**
 * Returns the CNAME that validates a name. As on AWS, it depends only on the account and the domain, so it is the same in every
 * region, and for a domain and its wildcard.
 * Source: https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
 */
export function validationOf(domainName: string): ValidationOption {
  const domain = domainName.toLowerCase().replace(/^\*\./, "");
  const token = digestOf(`${ACCOUNT}/${domain}/name`).slice(0, 32);
  const proof = digestOf(`${ACCOUNT}/${domain}/value`);
  return {
    domainName,
    resourceRecordName: `_${token}.${domain}.`,
    resourceRecordType: "CNAME",
    resourceRecordValue: `_${proof.slice(0, 32)}.${proof.slice(32, 42)}.acm-validations.aws.`,
  };
}
