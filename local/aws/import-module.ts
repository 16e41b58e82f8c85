/**
 * Imports an ES module; TypeScript would turn a plain `import()` into a `require`, which cannot load one.
 * @param specifier the name of a package or a `file:` URL.
 */
export function importModule<Module>(specifier: string): Promise<Module> {
  const load = new Function("name", "return import(name)") as (name: string) => Promise<Module>;
  return load(specifier);
}
