/** A cookie of a browser. */
interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
}

/** Browser for tests: keeps cookies of one host, and neither follows redirects nor runs scripts. */
export class CookieBrowser {
  private readonly cookies = new Map<string, Cookie>();

  /** Sends a GET request, or a form with POST. */
  async open(url: string | URL, form?: Readonly<Record<string, string>>): Promise<Response> {
    const { origin, pathname } = new URL(url);
    const sent = [...this.cookies.values()].filter(({ path }) => pathname.startsWith(path));
    const cookie = sent.map(({ name, value }) => `${name}=${value}`).join("; ");
    const response = await fetch(url, {
      redirect: "manual",
      headers: { accept: "text/html", ...(cookie && { cookie }), ...(form && { origin }) },
      ...(form && { method: "POST", body: new URLSearchParams(form) }),
    });
    for (const line of response.headers.getSetCookie()) this.keep(line);
    return response;
  }

  /** Names of the cookies. */
  get cookieNames(): string[] {
    return [...this.cookies.values()].map(({ name }) => name);
  }

  private keep(line: string): void {
    const [pair, ...attributes] = line.split(/;\s*/);
    const [name, value] = pair.split(/=(.*)/s, 2);
    const attribute = (wanted: string): string | undefined =>
      attributes.find((text) => text.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1);
    const path = attribute("path") ?? "/";
    const expires = attribute("expires");
    if (expires && Date.parse(expires) <= Date.now()) this.cookies.delete(`${name} ${path}`);
    else this.cookies.set(`${name} ${path}`, { name, value, path });
  }
}
