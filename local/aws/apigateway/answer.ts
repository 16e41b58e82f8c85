/** An HTTP answer before it is written. */
export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** One `set-cookie` header each. */
  readonly cookies: readonly string[];
  readonly body: Buffer;
  /** The message in the body, when the answer is API Gateway's own. */
  readonly message?: string;
}

/** An answer of API Gateway itself: `{"message": ...}`. */
export function gatewayAnswer(status: number, message: string): Answer {
  return {
    status,
    headers: { "content-type": "application/json" },
    cookies: [],
    body: Buffer.from(JSON.stringify({ message })),
    message,
  };
}
