/** Writes one log line and its source, such as `ireland api`. */
export type Log = (source: string, line: string) => void;
