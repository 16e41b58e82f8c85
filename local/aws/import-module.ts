/**
 * Imports an ES module. TypeScript would compile a plain `import()` to `require`, which cannot load one on every Node.js version.
 * @param specifier name of a package or a `file:` URL.
 */
export function importModule<Module>(specifier: string): Promise<Module> {
  const load = new Function("name", "return import(name)") as (name: string) => Promise<Module>;
  return load(specifier);
}
