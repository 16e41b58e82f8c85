import * as ts from "typescript";
import { join } from "node:path";

const PROJECT = join(__dirname, "..", "..", "..");
const FILE = join(__dirname, "command-json.ts");
const TYPE = "CommandJson";
/** Deeper levels are not listed; none of the types has as many. */
const MAXIMUM_DEPTH = 10;

/** Members of the types in `command-json.ts`, with `?` after optional ones, such as `status.regions[].health.reason?`. */
export function jsonLines(): string[] {
  const { config } = ts.readConfigFile(join(PROJECT, "tsconfig.json"), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, PROJECT);
  const program = ts.createProgram([FILE], { ...options, noEmit: true });
  const checker = program.getTypeChecker();
  const declaration = program
    .getSourceFile(FILE)
    ?.statements.filter(ts.isInterfaceDeclaration)
    .find(({ name }) => name.text === TYPE);
  if (!declaration) throw new Error(`${FILE} declares no interface ${TYPE}.`);
  return [...new Set(membersOf(checker.getTypeAtLocation(declaration), "", checker))];
}

function membersOf(type: ts.Type, path: string, checker: ts.TypeChecker, depth = 0): string[] {
  const walk = (inner: ts.Type, at: string): string[] => membersOf(inner, at, checker, depth + 1);
  if (depth > MAXIMUM_DEPTH) throw new Error(`${path} has more than ${MAXIMUM_DEPTH} levels.`);
  if (type.isUnion() && type.types.some(isObject)) return type.types.flatMap((each) => walk(each, path));
  if (!isObject(type))
    return [`${path} ${checker.typeToString(type, undefined, ts.TypeFormatFlags.InTypeAlias)}`].filter(
      (line) => !line.endsWith(" undefined"),
    );
  if (checker.isArrayType(type) || checker.isTupleType(type))
    return checker.getTypeArguments(type as ts.TypeReference).flatMap((each) => walk(each, `${path}[]`));
  const entries = checker.getIndexInfosOfType(type).flatMap((info) => walk(info.type, `${path}.*`));
  const members = checker.getPropertiesOfType(type).flatMap((property) => {
    const mark = property.flags & ts.SymbolFlags.Optional ? "?" : "";
    const name = `${path === "" ? "" : `${path}.`}${property.name}${mark}`;
    return walk(checker.getNonNullableType(checker.getTypeOfSymbol(property)), name);
  });
  return [...entries, ...members];
}

function isObject(type: ts.Type): boolean {
  return (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0;
}
