import { isDeepStrictEqual } from "node:util";
import { inputError } from "../inputs";
import { arnOf, type DeclaredResource, type ResourceHandler } from "../resource";
import { uuidOf } from "../seeded-ids";
import type { CertificateUses } from "./certificate-uses";
import { certificateOutputs, validationOf, type Certificates } from "./certificates";

/** Maximum length of the first name, which becomes the common name (RFC 5280, ub-common-name). */
const MAX_FIRST_NAME = 64;
const OTHER_KIND = "The local ACM issues public certificates that are validated by DNS only.";

/**
 * Creates the handler of `aws:acm/certificate:Certificate`. A new certificate is pending validation.
 * @param uses uses of certificates, which prevent their deletion.
 */
export function certificateHandler(certificates: Certificates, uses: CertificateUses): ResourceHandler {
  return {
    updatable: ["options", "subjectAlternativeNames", "tags"],
    unordered: ["subjectAlternativeNames"],
    replacing: {
      domainName: "internal/service/acm/certificate.go:100",
      validationMethod: "internal/service/acm/certificate.go:242",
    },
    remedies: {
      certificateAuthorityArn: OTHER_KIND,
      certificateBody: OTHER_KIND,
      certificateChain: OTHER_KIND,
      privateKey: OTHER_KIND,
      privateKeyWo: OTHER_KIND,
      validationOptions: OTHER_KIND,
      keyAlgorithm: "Leave it out; every certificate of the local ACM has a P-256 key.",
    },
    // A set, of which ForceNew applies to its members but not to their order: internal/service/acm/certificate.go:217
    replacingChanges: (previous, next) =>
      isDeepStrictEqual(new Set(listedNames(previous)), new Set(listedNames(next)))
        ? []
        : ["subjectAlternativeNames"],
    create: async ({ inputs, region, physicalName }) => {
      const names = namesOf(inputs);
      const arn = arnOf("acm", region, `certificate/${uuidOf(`${region}/${physicalName}`)}`);
      const certificate = { arn, names, validation: names.map(validationOf), inputs };
      certificates.add(certificate);
      return { id: arn, outputs: certificateOutputs(certificate) };
    },
    read: async ({ id }) => {
      const certificate = certificates.find(id);
      return certificate && { id, inputs: certificate.inputs, outputs: certificateOutputs(certificate) };
    },
    update: async ({ id }, inputs) => {
      const certificate = certificates.get(id);
      certificate.inputs = inputs;
      return certificateOutputs(certificate);
    },
    // https://docs.aws.amazon.com/acm/latest/APIReference/API_DeleteCertificate.html
    // The provider repeats the call for 20 minutes before it fails: certificateCrossServicePropagationTimeout in
    // internal/service/acm/certificate.go. Here it fails at once.
    delete: async ({ id }) => {
      checkUnused(id, uses);
      certificates.delete(id);
      uses.forget(id);
    },
  };
}

/** @throws Error that names the resources that use a certificate, or used it until a short time ago. */
function checkUnused(id: string, uses: CertificateUses): void {
  const users = uses.current(id);
  if (users.length > 0)
    throw new Error(
      `ResourceInUseException: Certificate ${id} is in use by ${users.join(" and ")}. Give these another certificate first, or delete them.`,
    );
  const lingering = uses.lingering(id);
  if (lingering.length === 0) return;
  const seconds = Math.ceil(Math.max(...lingering.map(({ leftMs }) => leftMs)) / 1000);
  throw new Error(
    `ResourceInUseException: Certificate ${id} is still in use by ${lingering.map(({ user }) => user).join(" and ")}, which no longer uses it. ` +
      `AWS releases a certificate up to an hour late; the local cloud does so in ${seconds} s. Run the same command again then.`,
  );
}

function namesOf(inputs: DeclaredResource["inputs"]): string[] {
  const { domainName, validationMethod } = inputs;
  if (!domainName) throw inputError("domainName", "give the name of the certificate.");
  if (validationMethod !== "DNS")
    throw inputError(
      "validationMethod",
      `${JSON.stringify(validationMethod)} of ${domainName} is not emulated; use "DNS".`,
    );
  if (domainName.length > MAX_FIRST_NAME)
    throw inputError("domainName", `${domainName} is longer than ${MAX_FIRST_NAME} characters.`);
  return listedNames(inputs);
}

/** Returns the domain name and the alternative names without duplicates. */
function listedNames({ domainName, subjectAlternativeNames = [] }: DeclaredResource["inputs"]): string[] {
  return [...new Set<string>([domainName, ...subjectAlternativeNames])];
}
