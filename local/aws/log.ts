/**
 * Writes one log line.
 * @param source such as `ireland api`.
 * @param requestIds ids of the request that the line is about, if it is known: of API Gateway, then of Lambda.
 */
export type Log = (source: string, line: string, requestIds?: readonly string[]) => void;
