import { chmodSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { makeDirectory } from "../../shared/make-directory";

const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;

/** Makes this process and its children create files (0600) and folders (0700) that no other user of the machine can read. */
export function keepFilesPrivate(): void {
  // LevelDB creates its own files and has no option for their mode.
  process.umask(0o077);
}

/**
 * Creates a data folder of the local cloud unless it exists, and denies other users access to it and to everything in it. An
 * earlier version created its files with wider permissions.
 * @throws Error that names the folder when it cannot be created or belongs to another user.
 */
export function makePrivateDirectory(directory: string): void {
  makeDirectory(directory, { mode: PRIVATE_FOLDER });
  chmodSync(directory, PRIVATE_FOLDER);
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) makePrivateDirectory(path);
    else if (entry.isFile()) chmodSync(path, PRIVATE_FILE);
  }
}
