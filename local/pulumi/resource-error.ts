/** Error of one resource; its message names the resource. */
export class ResourceError extends Error {
  /** @param what past participle of what could not be done, such as `created`. */
  constructor(type: string, name: string, what: string, cause: unknown) {
    super(`${type} "${name}" could not be ${what}: ${(cause as Error).message}`, { cause });
  }
}
