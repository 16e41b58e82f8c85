import { existsSync, readdirSync } from "node:fs";
import { copyFile, readFile, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parse, stringify } from "yaml";

/** Files of a Pulumi project that the CLI writes to. */
const PULUMI_FILES = /^Pulumi(\..+)?\.yaml$/;

/**
 * Fills an empty folder with links to everything in a Pulumi project and a copy of `Pulumi.yaml`. The CLI runs in it: it resolves
 * archives against its working directory, and it writes to the files of the stacks.
 */
export async function linkProject(project: string, directory: string): Promise<void> {
  for (const name of readdirSync(project)) {
    if (name === "Pulumi.yaml") await copyFile(join(project, name), join(directory, name));
    else if (!PULUMI_FILES.test(name)) await symlink(resolve(project, name), join(directory, name));
  }
}

/**
 * Replaces the configuration of a stack in a folder of `linkProject`.
 * @param config by full key, with values as text.
 */
export async function writeStackConfig(
  directory: string,
  stack: string,
  config: Readonly<Record<string, string>>,
): Promise<void> {
  const file = join(directory, `Pulumi.${stack}.yaml`);
  // The CLI keeps the salt of the encryption in the file.
  const settings = existsSync(file) ? (parse(await readFile(file, "utf8")) as object | null) : {};
  const values = Object.entries(config).map(([key, text]) => [key, structured(text)]);
  await writeFile(file, stringify({ ...settings, config: Object.fromEntries(values) }));
}

/** Parses a list or object. As in files that the CLI writes, numbers and booleans stay text. */
function structured(text: string): unknown {
  if (!/^[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
