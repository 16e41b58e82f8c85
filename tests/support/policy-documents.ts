import type { Program, ProgramResource } from "./mocked-program";

/** Statement of a policy document, as the program writes it. */
export interface PolicyStatement {
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: string | { readonly Service?: string };
  readonly Action: readonly string[];
  /** Absent in trust policies. */
  readonly Resource?: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Statements of one policy document. */
export interface PolicyDocument {
  readonly resource: ProgramResource;
  /** Name of the input that contains the document. */
  readonly input: string;
  readonly statements: readonly PolicyStatement[];
}

/** Returns every policy document in the inputs of any resource of the program. */
export function policyDocumentsOf(program: Program): PolicyDocument[] {
  return program.resources.flatMap((resource) =>
    Object.entries(resource.inputs).flatMap(([input, value]) => {
      const statements = statementsIn(value);
      return statements ? [{ resource, input, statements }] : [];
    }),
  );
}

function statementsIn(value: unknown): readonly PolicyStatement[] | undefined {
  if (typeof value !== "string" || !/^\s*\{.*"Statement"\s*:/s.test(value)) return undefined;
  return (JSON.parse(value) as { readonly Statement: readonly PolicyStatement[] }).Statement;
}
