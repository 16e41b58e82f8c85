import type { DynamoDB } from "../shared/aws";
import { isLostConnection } from "./failure";

type Send = (command: unknown, options?: unknown) => Promise<unknown>;

/**
 * Makes a client send a command again, once, if its connection was lost: an idle connection may have been closed while the function was frozen.
 * A retry after a timeout would only wait as long again. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
 */
export function retryingLostConnections({ commands, client }: DynamoDB): DynamoDB {
  const send = client.send.bind(client) as Send;
  const sendTwice: Send = (command, options) =>
    send(command, options).catch((error: unknown) => {
      if (!isLostConnection(error)) throw error;
      return send(command, options);
    });
  return { commands, client: Object.assign(client, { send: sendTwice }) };
}
