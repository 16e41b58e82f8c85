/** Table or bucket of the stack. */
export interface StoredData {
  readonly urn: string;
  /** Name in AWS. */
  readonly name: string;
  /** AWS code; absent if the state names none. The AWS SDK then takes the region of the environment, as a default provider does. */
  readonly region?: string;
  /** Endpoint for all services, from the provider's arguments; absent for AWS. */
  readonly endpoint?: string;
}

/** Name of a table or bucket, with its region if the state names one. */
export function placed({ name, region }: StoredData): string {
  return region === undefined ? name : `${name} in ${region}`;
}
