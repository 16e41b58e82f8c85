import { CertificateAuthority, type KeyPair } from "./certificate-authority";
import type { Log } from "../log";
import type { LocalService } from "../resource";
import { certificateHandler } from "./certificate-resource";
import { CertificateUses, type CertificateUser } from "./certificate-uses";
import { Certificates } from "./certificates";
import { validationHandler, type Resolve } from "./validation-resource";

/** Dependencies and settings of {@link LocalAcm}. */
export interface AcmOptions {
  /** Resolver of the validation records. */
  readonly route53: { resolve: Resolve };
  /** Folder of the certificate authority, so that clients need to trust it only once; by default it is kept in memory. */
  readonly directory?: string;
  /** Receives a line when the authority in the folder is replaced. */
  readonly log?: Log;
  /** Divides the time for which a certificate stays in use after its last user is gone; 1, real time, by default. */
  readonly speed?: number;
}

/** Time for which a certificate stays in use after its last user is gone, in milliseconds; for sources see {@link CertificateUses}. */
const RELEASE_MS = 60 * 60_000;

/** Emulation of ACM. A local authority issues a certificate when its validation CNAMEs are in a hosted zone. */
export class LocalAcm implements LocalService {
  readonly resourceHandlers: LocalService["resourceHandlers"];

  private readonly certificates = new Certificates();
  private readonly uses: CertificateUses;

  private constructor(
    { route53, speed = 1 }: AcmOptions,
    private readonly authority: CertificateAuthority,
  ) {
    this.uses = new CertificateUses(RELEASE_MS / speed);
    const resolve: Resolve = (name, type) => route53.resolve(name, type);
    this.resourceHandlers = {
      "aws:acm/certificate:Certificate": certificateHandler(this.certificates, this.uses),
      "aws:acm/certificateValidation:CertificateValidation": validationHandler(
        this.certificates,
        authority,
        resolve,
      ),
    };
  }

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

  /** Registers a service whose resources use certificates. */
  addUser(user: CertificateUser): void {
    this.uses.addUser(user);
  }

  /** Changes how long a certificate stays in use after its last user is gone, in milliseconds; also for the uses that have ended. */
  setReleaseTime(milliseconds: number): void {
    this.uses.releaseMs = milliseconds;
  }

  /** Receives that a resource has stopped using a certificate. It stays in use for a while. */
  endUse(certificateArn: string, user: string): void {
    this.uses.end(certificateArn, user);
  }

  /**
   * Returns the private key and the certificate, for the server that presents it.
   * @throws Error when the certificate does not exist or is not issued.
   */
  keyPairOf(certificateArn: string): KeyPair {
    const certificate = this.certificates.get(certificateArn);
    if (certificate.issued) return certificate.issued;
    throw new Error(
      `Certificate ${certificateArn} (${certificate.names[0]}) is not issued. Use it through a CertificateValidation, so that its validation comes first.`,
    );
  }

  async close(): Promise<void> {
    this.certificates.clear();
  }
}
