import { createHash } from "node:crypto";
import { CertificateAuthority, type KeyPair } from "./certificate-authority";
import type { Log } from "../log";
import {
  ACCOUNT,
  arnOf,
  type DeclaredResource,
  type LocalService,
  type CreatedResource,
  createOnly,
} from "../resource";
import type { DnsAnswer } from "../route53/resource-records";

/** Dependencies and settings of {@link LocalAcm}. */
export interface AcmOptions {
  /** Resolver of the validation records. */
  readonly route53: { resolve(name: string, type: string): DnsAnswer[] };
  /** Folder of the certificate authority, so that clients need to trust it only once; by default it is kept in memory. */
  readonly directory?: string;
  /** Receives a line when the authority in the folder is replaced. */
  readonly log?: Log;
}

/** Domain name of a certificate and the CNAME that proves control over it. Record names end with a dot, as on AWS. */
interface ValidationOption {
  readonly domainName: string;
  readonly resourceRecordName: string;
  readonly resourceRecordType: "CNAME";
  readonly resourceRecordValue: string;
}

interface Certificate {
  readonly arn: string;
  readonly names: readonly string[];
  readonly validation: readonly ValidationOption[];
  issued?: KeyPair;
}

/** Inputs of certificates that are not public or not validated by DNS. */
const OTHER_KINDS = [
  "certificateAuthorityArn",
  "certificateBody",
  "privateKey",
  "privateKeyWo",
  "validationOptions",
];
/** Maximum length of the first name, which becomes the common name (RFC 5280, ub-common-name). */
const MAX_FIRST_NAME = 64;

/** Emulation of ACM. A local authority issues a certificate when its validation CNAMEs are in a hosted zone. */
export class LocalAcm implements LocalService {
  readonly resourceHandlers: LocalService["resourceHandlers"] = createOnly({
    "aws:acm/certificate:Certificate": (resource) => this.createCertificate(resource),
    "aws:acm/certificateValidation:CertificateValidation": (resource) => this.createValidation(resource),
  });

  private readonly certificates = new Map<string, Certificate>();

  private constructor(
    private readonly options: AcmOptions,
    private readonly authority: CertificateAuthority,
  ) {}

  /** @throws Error when the directory holds an authority that cannot be used. */
  static async create(options: AcmOptions): Promise<LocalAcm> {
    const { directory, log } = options;
    const authority = await CertificateAuthority.open(directory, (reason) =>
      log?.(
        "certificates",
        `The certificate authority in ${directory} was replaced, because ${reason}. Clients must trust the new one.`,
      ),
    );
    return new LocalAcm(options, authority);
  }

  /** Certificate of the local authority in PEM, which clients must trust. */
  get caCertificate(): string {
    return this.authority.certificate;
  }

  /**
   * Returns the private key and the certificate, for the server that presents it.
   * @throws Error when the certificate does not exist or is not issued.
   */
  keyPairOf(certificateArn: string): KeyPair {
    const certificate = this.find(certificateArn);
    if (certificate.issued) return certificate.issued;
    throw new Error(
      `Certificate ${certificateArn} (${certificate.names[0]}) is not issued. Use it through a CertificateValidation, so that its validation comes first.`,
    );
  }

  async close(): Promise<void> {
    this.certificates.clear();
  }

  private async createCertificate({
    inputs,
    region,
    physicalName,
  }: DeclaredResource): Promise<CreatedResource> {
    const names = namesOf(inputs);
    const certificate = {
      arn: arnOf("acm", region, `certificate/${certificateId(`${region}/${physicalName}`)}`),
      names,
      validation: names.map(validationOf),
    };
    this.certificates.set(certificate.arn, certificate);
    return {
      id: certificate.arn,
      outputs: {
        arn: certificate.arn,
        domainName: names[0],
        subjectAlternativeNames: names,
        domainValidationOptions: certificate.validation,
        status: "PENDING_VALIDATION",
        type: "AMAZON_ISSUED",
      },
    };
  }

  private async createValidation({ inputs, region }: DeclaredResource): Promise<CreatedResource> {
    const certificate = this.find(inputs.certificateArn);
    if (certificate.arn.split(":")[3] !== region)
      throw new Error(
        `Certificate ${certificate.arn} cannot be validated from ${region}; give the validation the certificate's provider.`,
      );
    checkFqdns(certificate, inputs.validationRecordFqdns);
    certificate.validation.forEach((option) => this.checkRecord(certificate, option));
    certificate.issued = await this.authority.issue(certificate.names);
    return { id: certificate.arn, outputs: { certificateArn: certificate.arn } };
  }

  private checkRecord(certificate: Certificate, option: ValidationOption): void {
    const { resourceRecordName: name, resourceRecordValue: value } = option;
    const [answer] = this.options.route53.resolve(name, "CNAME");
    if (answer && withoutDot(answer.data) === withoutDot(value)) return;
    const problem = answer ? `resolves to ${answer.data}` : "is in no hosted zone";
    throw new Error(
      `Certificate ${certificate.arn} cannot be issued for ${option.domainName}: its validation record ${name} CNAME ${value} ${problem}. Create that record in the zone of ${option.domainName}, and let the validation depend on it.`,
    );
  }

  private find(arn: string): Certificate {
    const certificate = this.certificates.get(arn);
    if (!certificate) throw new Error(`There is no certificate ${arn}.`);
    return certificate;
  }
}

function namesOf(inputs: DeclaredResource["inputs"]): string[] {
  const { domainName, validationMethod } = inputs;
  if (!domainName) throw new Error("Certificate: give its domainName.");
  const fail = (problem: string): never => {
    throw new Error(`Certificate ${domainName}: ${problem}`);
  };
  const other = OTHER_KINDS.find((key) => inputs[key] !== undefined);
  if (other)
    fail(`${other} is not emulated; the local ACM issues public certificates validated by DNS only.`);
  if (validationMethod !== "DNS")
    fail(`validationMethod ${JSON.stringify(validationMethod)} is not emulated; use "DNS".`);
  if (domainName.length > MAX_FIRST_NAME) fail(`domainName is longer than ${MAX_FIRST_NAME} characters.`);
  return [...new Set<string>([domainName, ...(inputs.subjectAlternativeNames ?? [])])];
}

/**
 * Returns the CNAME that validates a name. As on AWS, it depends only on the account and the domain, so it is the same in every
 * region, and for a domain and its wildcard.
 * Source: https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
 */
function validationOf(domainName: string): ValidationOption {
  const domain = domainName.toLowerCase().replace(/^\*\./, "");
  const token = hash(`${ACCOUNT}/${domain}/name`).slice(0, 32);
  const proof = hash(`${ACCOUNT}/${domain}/value`);
  return {
    domainName,
    resourceRecordName: `_${token}.${domain}.`,
    resourceRecordType: "CNAME",
    resourceRecordValue: `_${proof.slice(0, 32)}.${proof.slice(32, 42)}.acm-validations.aws.`,
  };
}

/** Checks that the given record names include those that the certificate needs, as the provider does. */
function checkFqdns(certificate: Certificate, given: readonly string[] | undefined): void {
  if (given === undefined) return;
  const names = given.map(withoutDot);
  const missing = certificate.validation.find(
    ({ resourceRecordName }) => !names.includes(withoutDot(resourceRecordName)),
  );
  if (missing)
    throw new Error(
      `Certificate ${certificate.arn}: validationRecordFqdns lacks ${missing.resourceRecordName}, the record for ${missing.domainName}.`,
    );
}

function withoutDot(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}

function certificateId(seed: string): string {
  return hash(seed).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
}

function hash(seed: string): string {
  return createHash("sha256").update(seed).digest("hex");
}
