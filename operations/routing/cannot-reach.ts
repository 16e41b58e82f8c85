import { CommandError, reasonOf } from "../../command-line/command-error";
import type { DeployedRegion } from "../cli/deployed-regions";

type Named = Pick<DeployedRegion, "name" | "code" | "table">;

/** For a read that failed before anything was written. @throws CommandError always. */
export function cannotRead({ name, code, table }: Named, error: unknown): never {
  throw new CommandError(
    `The table ${table} of ${name} (${code}) cannot be read (${reasonOf(error)}). Nothing was changed.`,
    { cause: error },
  );
}

/** For the one write, whose answer may have been lost. @throws CommandError always. */
export function cannotWrite({ name, code, table }: Named, error: unknown): never {
  throw new CommandError(
    `The table ${table} of ${name} (${code}) cannot be written (${reasonOf(error)}). ` +
      "The write may have succeeded: npm run status shows it. Running this command again is safe.",
    { cause: error },
  );
}
