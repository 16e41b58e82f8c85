/** Paths of the modules outside of `ui` that are built into the UI, relative to `ui`. */
export const SHARED: readonly string[];

/** Files and folders from which the UI is built, relative to `ui`. */
export const SOURCES: readonly string[];

/** Name of the file in `ui/dist` with the digest of its sources. */
export const DIGEST_FILE: string;

/** Returns the SHA-256 hash of the sources of the UI and of the locked versions of its packages, in hexadecimal. */
export function sourcesDigest(folder: string): string;

/**
 * Compares the built UI with its sources by content. Ignores modification times, which Git and copies change.
 * @param dist folder of the built UI. Its sources are in the folder above, if present.
 */
export function uiState(dist: string): "current" | "stale" | "missing";

/** Returns a message when the UI is missing or stale, with the command that builds it; undefined when it is current. */
export function uiProblem(dist: string): string | undefined;

/** Returns the path of the Vite CLI; undefined when the development dependencies are not installed. */
export function viteProgram(): string | undefined;
