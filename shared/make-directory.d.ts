/**
 * Creates a directory and its missing parents, one by one. Replaces `mkdir` with `recursive` of Node.js, which never
 * returns below a folder such as `/proc`, where creating an entry fails with ENOENT.
 * @param directory resolved against the current folder; one that exists is left unchanged.
 * @param options.mode permissions of each directory that is created, less the umask; 0o777 by default.
 * @throws Error with `code` whose message names the directory, the entry at fault and the reason.
 */
export function makeDirectory(directory: string, options?: { readonly mode?: number }): void;
