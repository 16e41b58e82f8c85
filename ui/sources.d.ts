/** Paths, relative to the folder `ui`, of the modules outside of it that are built into the UI. */
export const SHARED: readonly string[];

/** Name of the file in `ui/dist` that holds the digest of the sources it was built from. */
export const DIGEST_FILE: string;

/** SHA-256, in hexadecimal, of everything that the built UI depends on: its sources and the locked versions of its packages. */
export function sourcesDigest(folder: string): string;

/**
 * Compares the built UI with its sources by content. Modification times do not count: git and copies change them.
 * @param dist folder of the built UI; its sources are in the folder above, or were not shipped.
 */
export function uiState(dist: string): "current" | "stale" | "missing";

/** One sentence about a UI that is not built or is stale, with the command that builds it; undefined when it is current. */
export function uiProblem(dist: string): string | undefined;

/** Path of Vite's program; undefined when the development dependencies are not installed. */
export function viteProgram(): string | undefined;
