/** Where the local cloud writes what its parts say: one line, with the part that said it. */
export type Log = (source: string, line: string) => void;
