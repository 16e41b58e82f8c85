/** Error of one body field, query parameter, path parameter or header. */
export interface FieldError {
  /** Name as the client sent it. */
  readonly field: string;
  /** Sentence that states the allowed values. */
  readonly detail: string;
}

/** Problem details, the body of every error response: https://www.rfc-editor.org/rfc/rfc9457 */
interface ProblemDetails {
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
}

/** Optional parts of a problem. */
interface ProblemExtras {
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** Error that becomes a response with problem details. */
export interface Problem extends Error {
  readonly problem: ProblemDetails;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Creates an error that, when thrown, becomes a response with problem details.
 * It is not a class, because Pulumi's closure serialization loses the message of a subclass of Error.
 */
export function problem(status: number, title: string, detail: string, extras: ProblemExtras = {}): Problem {
  const { errors, headers = {} } = extras;
  return Object.assign(new Error(detail), {
    problem: { title, status, detail, ...(errors && { errors }) },
    headers,
  });
}

/** Creates a 400 that lists the invalid fields. */
export function invalidRequest(errors: readonly FieldError[]): Problem {
  const detail = errors.map((error) => `${error.field}: ${error.detail}`).join(" ");
  return problem(400, "Invalid request", detail, { errors });
}

/** Whether a thrown value is a problem. */
export function isProblem(error: unknown): error is Problem {
  return error instanceof Error && "problem" in error;
}
