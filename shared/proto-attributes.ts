/** Stands for `__proto__` while the SDK reads an answer; a private-use character, so that hardly any attribute is called so. */
const PLACEHOLDER = "\uE000__proto__\uE000";
/** The name `__proto__` of a member in JSON text, and never a part of a string. */
const MEMBER = /(?<!\\)"__proto__"(?=\s*:)/g;

/** What both middlewares of a call share. */
interface CallContext {
  hasProtoAttributes?: boolean;
}

/** What a call gives: the answer as it comes from the network, and what the SDK has made of it. */
interface Result {
  readonly response?: { body?: unknown };
  readonly output?: unknown;
}

type Next = (args: object) => Promise<Result>;

/** A client's middlewares, alike for all services. https://aws.amazon.com/blogs/developer/middleware-stack-modular-aws-sdk-js/ */
interface MiddlewareStack {
  add(
    middleware: (next: Next, context: CallContext) => Next,
    options: { readonly step: "deserialize"; readonly priority: "high" | "low"; readonly name: string },
  ): void;
}

/**
 * Makes a client read attributes named `__proto__`. The SDK's own reading replaces them by undefined, and fails altogether when
 * one is in a map, so that a single such item would make every call fail that returns it: lists, and replication for a whole day.
 * @returns the client.
 */
export function readingProtoAttributes<T extends { readonly middlewareStack: object }>(client: T): T {
  const stack = client.middlewareStack as MiddlewareStack;
  // The inner one is nearest to the network, the outer one gets what the SDK has made of the answer.
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
        // The item that a condition did not hold for.
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

/** A value with `__proto__` where it has the placeholder. */
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
