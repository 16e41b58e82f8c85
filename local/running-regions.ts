import { configuredRegions } from "./pulumi/stack-config";

interface Region {
  readonly name: string;
  readonly code: string;
}

/**
 * Rejects a configuration with other regions than those of a running local cloud, whose servers are started once.
 * @throws Error that names both.
 */
export function expectRegions(running: readonly Region[], config: Readonly<Record<string, string>>): void {
  const [now, wanted] = [textOf(running), textOf(configuredRegions(config))];
  if (now === wanted) return;
  throw new Error(
    `tickets:regions has changed from ${now} to ${wanted}. Restart the local cloud to change its regions.`,
  );
}

function textOf(regions: readonly Region[]): string {
  return regions
    .map(({ name, code }) => `${name} (${code})`)
    .sort()
    .join(" and ");
}
