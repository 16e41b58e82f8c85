import type { ResourceHandler } from "../resource";
import type { DnsAnswer } from "../route53/resource-records";
import type { CertificateAuthority } from "./certificate-authority";
import { uuidOf } from "../seeded-ids";
import type { Certificate, Certificates, ValidationOption } from "./certificates";

/** Resolves a name as public resolvers do. */
export type Resolve = (name: string, type: string) => DnsAnswer[];

/**
 * Creates the handler of `aws:acm/certificateValidation:CertificateValidation`. Its creation checks the validation records of a
 * certificate and issues it. A certificate that is issued stays issued, also without its records and its validation, as on AWS.
 */
export function validationHandler(
  certificates: Certificates,
  authority: CertificateAuthority,
  resolve: Resolve,
): ResourceHandler {
  return {
    updatable: [],
    unordered: ["validationRecordFqdns"],
    replacing: {
      certificateArn: "internal/service/acm/certificate_validation.go:43",
      validationRecordFqdns: "internal/service/acm/certificate_validation.go:48",
    },
    create: async ({ inputs, region, physicalName }) => {
      const certificate = certificates.get(inputs.certificateArn);
      const { arn } = certificate;
      if (arn.split(":")[3] !== region)
        throw new Error(
          `Certificate ${arn} cannot be validated from ${region}; give the validation the certificate's provider.`,
        );
      checkFqdns(certificate, inputs.validationRecordFqdns);
      if (!certificate.issued) {
        certificate.validation.forEach((option) => checkRecord(certificate, option, resolve));
        certificate.issued = await authority.issue(certificate.names);
      }
      return { id: uuidOf(`${region}/validation/${physicalName}`), outputs: { certificateArn: arn } };
    },
    read: async ({ id, inputs, outputs }) => {
      const certificateArn = String(inputs.certificateArn);
      return (
        certificates.find(certificateArn)?.issued && { id, inputs, outputs: { ...outputs, certificateArn } }
      );
    },
    update: ({ type }) => Promise.reject(new Error(`${type} has no input that changes in place.`)),
    // As in the provider: internal/service/acm/certificate_validation.go:33
    delete: async () => undefined,
  };
}

function checkRecord(certificate: Certificate, option: ValidationOption, resolve: Resolve): void {
  const { resourceRecordName: name, resourceRecordValue: value } = option;
  const [answer] = resolve(name, "CNAME");
  if (answer && withoutDot(answer.data) === withoutDot(value)) return;
  const problem = answer ? `resolves to ${answer.data}` : "is in no hosted zone that answers for its name";
  throw new Error(
    `Certificate ${certificate.arn} cannot be issued for ${option.domainName}: its validation record ${name} CNAME ${value} ${problem}. Create that record in the zone of ${option.domainName}, and let the validation depend on it.`,
  );
}

/** Checks that the given record names include those that the certificate needs, as the provider does. */
function checkFqdns(certificate: Certificate, given: readonly string[] | null | undefined): void {
  if (!given) return;
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
