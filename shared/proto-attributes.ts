/** Placeholder for `__proto__` while the SDK parses a response. It has private-use characters, so that no attribute is likely to have it as a name. */
const PLACEHOLDER = "\uE000__proto__\uE000";
/** Matches `__proto__` as the name of a member in JSON text, but not within a string. */
const MEMBER = /(?<!\\)"__proto__"(?=\s*:)/g;

/** State that both middlewares of a call share. */
interface CallContext {
  hasProtoAttributes?: boolean;
}

/** Result of a call: the raw response, and the output that the SDK parsed. */
interface Result {
  readonly response?: { body?: unknown };
  readonly output?: unknown;
}

type Next = (args: object) => Promise<Result>;

/** Middleware stack of a client, the same for all services. https://aws.amazon.com/blogs/developer/middleware-stack-modular-aws-sdk-js/ */
interface MiddlewareStack {
  add(
    middleware: (next: Next, context: CallContext) => Next,
    options: { readonly step: "deserialize"; readonly priority: "high" | "low"; readonly name: string },
  ): void;
}

/**
 * Makes a client read attributes named `__proto__`. The SDK itself returns undefined for them, and fails if one is in a map: every
 * call that returns such an item would fail, such as lists, and replication for a whole day.
 * @returns the client.
 */
export function readingProtoAttributes<T extends { readonly middlewareStack: object }>(client: T): T {
  const stack = client.middlewareStack as MiddlewareStack;
  // The inner middleware receives the raw response, the outer one the output of the SDK.
  stack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      const { response } = result;
      if (response?.body !== undefined) response.body = await renamed(response.body, context);
      return result;
    },
    { step: "deserialize", priority: "low", name: "hideProtoAttributes" },
  );
  stack.add(
    (next, call) => async (args) => {
      try {
        const result = await next(args);
        return call.hasProtoAttributes ? { ...result, output: restored(result.output) } : result;
      } catch (error) {
        // Item that failed a condition.
        const { Item } = error as { Item?: unknown };
        if (call.hasProtoAttributes && Item) Object.assign(error as object, { Item: restored(Item) });
        throw error;
      }
    },
    { step: "deserialize", priority: "high", name: "restoreProtoAttributes" },
  );
  return client;
}

async function renamed(body: unknown, call: CallContext): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  if (body instanceof Uint8Array) chunks.push(body);
  else for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  if (!bytes.includes('"__proto__"')) return bytes;
  call.hasProtoAttributes = true;
  return Buffer.from(bytes.toString("utf8").replace(MEMBER, JSON.stringify(PLACEHOLDER)));
}

/** Returns a value with the placeholder replaced by `__proto__`. */
function restored(value: unknown): unknown {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || value instanceof Date)
    return value;
  if (Array.isArray(value)) return value.map(restored);
  const entries = Object.entries(value).map(([name, inner]) => [
    name === PLACEHOLDER ? "__proto__" : name,
    restored(inner),
  ]);
  return Object.fromEntries(entries) as unknown;
}
