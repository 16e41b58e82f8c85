/**
 * Creates a directory and its missing parents, one by one. Replaces `mkdir` with `recursive` of Node.js, which never returns below a
 * folder such as `/proc`, where creating an entry fails with ENOENT.
 * @param directory path, relative to the current folder. An existing directory stays unchanged.
 * @param options.mode permissions of each new directory, minus the umask; 0o777 by default.
 * @throws Error with `code`. Its message states the directory, the entry that failed and the reason.
 */
export function makeDirectory(directory: string, options?: { readonly mode?: number }): void;
