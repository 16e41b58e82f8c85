const PREFIX = "draft:";

/**
 * What was typed and is not saved yet, by name. It outlives a reload of the page, and ends with its tab: it may hold what
 * customers wrote. Where the browser keeps nothing for pages, or has no room left, drafts end with the page.
 * https://html.spec.whatwg.org/multipage/webstorage.html#dom-sessionstorage
 */
export const drafts = {
  /** A draft; undefined when there is none, or when it is no JSON object. */
  read<T extends object>(name: string): Partial<T> | undefined {
    return guarded(() => {
      const value: unknown = JSON.parse(sessionStorage.getItem(PREFIX + name) ?? "null");
      return typeof value === "object" && value !== null ? (value as Partial<T>) : undefined;
    });
  },

  write(name: string, value: object): void {
    guarded(() => sessionStorage.setItem(PREFIX + name, JSON.stringify(value)));
  },

  remove(name: string): void {
    guarded(() => sessionStorage.removeItem(PREFIX + name));
  },
};

function guarded<T>(use: () => T): T | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}
