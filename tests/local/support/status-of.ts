import { get } from "node:http";

/** Returns the status of a GET on a new connection. Sends the path unchanged; fetch would resolve its dots. */
export function statusOf(url: string, path = "/"): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const request = get({ hostname, port, path, agent: false }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode));
    });
    request.on("error", reject);
  });
}
