import { chmodSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { makeDirectory } from "../../shared/make-directory";

const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;

/** Has this process and its children create files and folders that no other user of the machine can read (0600 and 0700). */
export function keepFilesPrivate(): void {
  // LevelDB creates its files itself and takes no mode.
  process.umask(0o077);
}

/**
 * Creates a folder of the local cloud's own data unless it exists, and closes it and all that an earlier version left in it
 * to other users.
 * @throws Error that names the folder, when it cannot be created or is not the user's own.
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
