import { LocalAcm } from "../../../../local/aws/acm/acm";
import type { ExistingResource } from "../../../../local/aws/resource";
import type { DnsAnswer } from "../../../../local/aws/route53/resource-records";
import { createResource } from "../../support/create-resource";

export const CERTIFICATE = "aws:acm/certificate:Certificate";
export const VALIDATION = "aws:acm/certificateValidation:CertificateValidation";
/** Inputs of a certificate for a domain and its wildcard. */
export const INPUTS = {
  domainName: "tickets.test",
  subjectAlternativeNames: ["*.tickets.test"],
  validationMethod: "DNS",
};

/** Validation option of a certificate, as the program receives it. */
interface ValidationOption {
  readonly domainName: string;
  readonly resourceRecordName: string;
  readonly resourceRecordType: string;
  readonly resourceRecordValue: string;
}

/** Certificate and its validation options. */
interface RequestedCertificate {
  readonly id: string;
  readonly outputs: ExistingResource["outputs"];
  readonly made: ExistingResource;
  readonly options: readonly ValidationOption[];
}

/** ACM whose validation records are in a map. */
export class OpenAcm {
  /** Values of CNAME records by name. */
  readonly records = new Map<string, string>();
  private service: LocalAcm | undefined;

  static async open(): Promise<OpenAcm> {
    const open = new OpenAcm();
    open.service = await LocalAcm.create({ route53: open });
    return open;
  }

  get acm(): LocalAcm {
    if (!this.service) throw new Error("ACM is not open.");
    return this.service;
  }

  resolve(name: string, type: string): DnsAnswer[] {
    const data = this.records.get(name.toLowerCase());
    return data !== undefined && type === "CNAME" ? [{ name, type, ttl: 60, data }] : [];
  }

  async certificate(
    inputs: Record<string, unknown> = {},
    region = "eu-west-1",
    name = "certificate",
  ): Promise<RequestedCertificate> {
    const made = await createResource(this.acm, CERTIFICATE, { ...INPUTS, ...inputs }, { name, region });
    const options = made.outputs.domainValidationOptions as ValidationOption[];
    return { id: made.id, outputs: made.outputs, made, options };
  }

  /** Creates the validation records. */
  prove(options: readonly ValidationOption[]): void {
    options.forEach((option) => this.records.set(option.resourceRecordName, option.resourceRecordValue));
  }

  validate(certificateArn: string, more: Record<string, unknown> = {}): Promise<ExistingResource> {
    return createResource(this.acm, VALIDATION, { certificateArn, ...more });
  }
}
