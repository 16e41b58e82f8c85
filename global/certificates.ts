import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Arguments of the certificates. */
export interface CertificatesArgs {
  readonly domainName: string;
  readonly zoneId: pulumi.Input<string>;
  /** Whether the zone can outlive the stack. Its validation record does so too, because other certificates renew by it. */
  readonly keepValidation: boolean;
  /** Provider of every region that needs a certificate, by region alias. */
  readonly providers: Readonly<Record<string, aws.Provider>>;
}

/** A validated certificate for the domain and all names directly under it, in each region that needs one. */
export class Certificates extends pulumi.ComponentResource {
  /** ARN by region alias; resolves when ACM has issued the certificate. */
  readonly arns: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: CertificatesArgs, opts: pulumi.ComponentResourceOptions) {
    super("tickets:global:Certificates", name, {}, opts);
    const providers = Object.entries(args.providers);

    const certificates = providers.map(([region, provider]) =>
      this.request(`${name}-${region}`, args, provider),
    );
    const record = this.createValidationRecord(`${name}-validation`, args, certificates[0]);
    this.arns = Object.fromEntries(
      providers.map(([region, provider], index) => [
        region,
        this.validate(`${name}-${region}`, certificates[index], record, provider),
      ]),
    );

    this.registerOutputs({ arns: this.arns });
  }

  private request(
    name: string,
    { domainName }: CertificatesArgs,
    provider: aws.Provider,
  ): aws.acm.Certificate {
    return new aws.acm.Certificate(
      name,
      { domainName, subjectAlternativeNames: [`*.${domainName}`], validationMethod: "DNS" },
      { parent: this, provider },
    );
  }

  /**
   * Creates the validation record, which is the same in every region and for a domain and its wildcard:
   * https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
   * It depends on the account and the domain only. So the record may exist already, and other certificates of the account need it to
   * renew (docs/adr/0033-share-the-validation-record.md).
   */
  private createValidationRecord(
    name: string,
    { zoneId, keepValidation }: CertificatesArgs,
    { domainValidationOptions }: aws.acm.Certificate,
  ): aws.route53.Record {
    const { resourceRecordName, resourceRecordType, resourceRecordValue } = domainValidationOptions[0];
    return new aws.route53.Record(
      name,
      {
        zoneId,
        name: resourceRecordName,
        type: resourceRecordType,
        records: [resourceRecordValue],
        ttl: 300,
        allowOverwrite: true,
      },
      { parent: this, retainOnDelete: keepValidation },
    );
  }

  private validate(
    name: string,
    certificate: aws.acm.Certificate,
    record: aws.route53.Record,
    provider: aws.Provider,
  ): pulumi.Output<string> {
    const validation = new aws.acm.CertificateValidation(
      name,
      { certificateArn: certificate.arn, validationRecordFqdns: [record.fqdn] },
      { parent: this, provider },
    );
    return validation.certificateArn;
  }
}
