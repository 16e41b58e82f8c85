// A JSON document of the DynamoDB protocol. Some forty shapes pass through; dynalite checks those it knows at run time.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = Record<string, any>;
