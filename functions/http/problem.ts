/** What is wrong with one field, query parameter or path parameter. */
export interface FieldError {
  /** Its name as the client sent it. */
  readonly field: string;
  /** What was wrong, and what is allowed. */
  readonly detail: string;
}

/** Problem details, the body of every error answer: https://www.rfc-editor.org/rfc/rfc9457 */
interface ProblemDetails {
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
}

/** How a problem is answered besides its details. */
interface ProblemExtras {
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error that the API answers with problem details. */
export interface Problem extends Error {
  readonly problem: ProblemDetails;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * An error to throw, which becomes an answer with problem details.
 * A class would do, but Pulumi's closure serialisation loses the message of a subclass of Error.
 */
export function problem(status: number, title: string, detail: string, extras: ProblemExtras = {}): Problem {
  const { errors, headers = {} } = extras;
  return Object.assign(new Error(detail), {
    problem: { title, status, detail, ...(errors && { errors }) },
    headers,
  });
}

/** A 400 that says which fields are wrong and how. */
export function invalidRequest(errors: readonly FieldError[]): Problem {
  const detail = errors.map((error) => `${error.field}: ${error.detail}`).join(" ");
  return problem(400, "Invalid request", detail, { errors });
}

/** Whether something thrown is a problem. */
export function isProblem(error: unknown): error is Problem {
  return error instanceof Error && "problem" in error;
}
