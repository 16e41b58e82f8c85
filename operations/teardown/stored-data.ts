/** Table or bucket of the stack. */
export interface StoredData {
  readonly urn: string;
  /** Name in AWS. */
  readonly name: string;
  /** AWS code. */
  readonly region: string;
  /** Endpoint for all services, from the provider's arguments; absent for AWS. */
  readonly endpoint?: string;
}
