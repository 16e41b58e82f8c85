/** The ports of one local cloud: counted from the console's, so that they are the same at every start. */
export interface Ports {
  readonly console: number;
  readonly dns: number;
  /** Port 443 of every region's address and of CloudFront's. */
  readonly https: number;
  readonly endpoint: number;
  /** Port 80 of CloudFront's address. */
  readonly http: number;
  /** By AWS region code. */
  readonly api: Readonly<Record<string, number>>;
  readonly website: Readonly<Record<string, number>>;
  readonly dynamodb: Readonly<Record<string, number>>;
  /** SQS and S3. */
  readonly fauxqs: Readonly<Record<string, number>>;
}

/**
 * The ports for a console port; 0 lets the system choose each.
 * @param codes AWS codes of the regions, in the order of the program's config.
 */
export function portsFrom(base: number, codes: readonly string[]): Ports {
  const port = (offset: number): number => (base === 0 ? 0 : base + offset);
  const perRegion = (offset: number): Record<string, number> =>
    Object.fromEntries(codes.map((code, index) => [code, port(10 * (index + 1) + offset)]));
  return {
    console: port(0),
    dns: port(1),
    https: port(2),
    endpoint: port(3),
    http: port(4),
    api: perRegion(0),
    website: perRegion(1),
    dynamodb: perRegion(2),
    fauxqs: perRegion(3),
  };
}
