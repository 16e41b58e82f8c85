import type { DynamoDB } from "../shared/aws";
import { pause } from "../shared/pause";
import { isLostConnection, isMomentary } from "./failure";

type Send = (command: unknown, options?: unknown) => Promise<unknown>;

/** Maximum number of times that a command is sent again. */
const REPEATS = 2;
/** Longest pause before a command is sent again, in milliseconds. DynamoDB refills the capacity of a partition every second. */
const PAUSE_MS = 200;
/** Time after which a command is not sent again, in milliseconds. */
const QUICK_MS = 1000;

/**
 * Makes a client send a command again, up to twice, after a failure that came quickly and ends by itself: throttling, a 5xx, or a lost
 * connection. Without that, one throttled write ends the batch, and the stream delivers up to 100 records again. A failure that took
 * longer, above all a timeout, is not repeated: it would only take as long again. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 *
 * The first repetition of a lost connection has no pause: an idle connection may have been closed while the function was frozen.
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
 */
export function repeatingQuickFailures({ commands, client }: DynamoDB): DynamoDB {
  const send = client.send.bind(client) as Send;
  const repeatedly: Send = async (command, options) => {
    const end = Date.now() + QUICK_MS;
    for (let repeats = 0; ; repeats++) {
      try {
        return await send(command, options);
      } catch (error) {
        const isLost = isLostConnection(error);
        if (repeats === REPEATS || Date.now() >= end || !(isLost || isMomentary(error))) throw error;
        if (!isLost || repeats > 0) await jitteredPause();
      }
    }
  };
  return { commands, client: Object.assign(client, { send: repeatedly }) };
}

/** Pauses for a random time, so that the writes of a batch do not all come again at once. */
function jitteredPause(): Promise<void> {
  return pause(PAUSE_MS * (0.5 + Math.random() / 2));
}
