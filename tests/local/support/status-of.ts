import { get } from "node:http";

/** The status of a GET on a connection of its own, with the path sent as it is; fetch would resolve the dots in it. */
export function statusOf(url: string, path = "/"): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const request = get({ hostname, port, path, agent: false }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode));
    });
    request.on("error", reject);
  });
}
