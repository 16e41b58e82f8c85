import type { Item, Json } from "./item";
import type { Level } from "./level";
import { createRequire } from "node:module";
import { patchDynalite } from "./dynalite-patches";
import { checkLimits } from "./request-checks";

type Callback = (error: Error | null | undefined, result?: Json) => void;
type Action = (store: object, data: Json, callback: Callback) => void;
type Types = Record<string, unknown>;
interface Validation {
  readonly types: Types;
  readonly custom?: (data: Json, store: object) => string | undefined;
}
interface Validations {
  checkTypes(data: Json, types: Types): Json;
  checkValidations(data: Json, types: Types, custom: Validation["custom"], store: object): void;
}
interface Database {
  create(options: { path?: string }): { readonly db: Level };
  itemSize(item: Item): number;
  getIndexActions(
    indexes: readonly Json[],
    existingItem: undefined,
    item: Item,
    table: Json,
  ): { readonly puts: readonly { readonly key: string; readonly item: Item }[] };
}

// dynalite's HTTP server has no hook between a request and its write, so its modules are called directly. They are not
// its public interface; package.json therefore pins the exact version.
const load = createRequire(__filename);
patchDynalite();
const database = load("dynalite/db") as Database;
const validations = load("dynalite/validations") as Validations;

/** Operations that dynalite carries out. */
export type DynaliteOperation =
  | "BatchGetItem"
  | "BatchWriteItem"
  | "CreateTable"
  | "DeleteItem"
  | "DeleteTable"
  | "DescribeTable"
  | "GetItem"
  | "ListTables"
  | "PutItem"
  | "Query"
  | "Scan"
  | "UpdateItem"
  | "UpdateTable";

/**
 * Opens a database, in memory if no path is given.
 * @throws Error if the folder cannot be used, for example because another process uses it.
 */
export async function openLevel(path: string | undefined): Promise<Level> {
  const level = database.create({ path }).db;
  try {
    await level.open();
  } catch (error) {
    const cause = (error as Error).cause as Error | undefined;
    const isLocked = (cause as NodeJS.ErrnoException | undefined)?.code === "LEVEL_LOCKED";
    const remedy = isLocked ? "Stop the other local cloud that uses it" : "If it is damaged, delete it";
    throw new Error(
      `The data folder ${path} cannot be opened: ${cause?.message ?? (error as Error).message}. ` +
        `${remedy}, or choose another folder with --data.`,
      { cause: error },
    );
  }
  return level;
}

/**
 * Validates a request and converts it to the input of `runAction`: without unknown fields, with normalized numbers and
 * parsed expressions.
 * @throws dynalite's error with `statusCode` and `body`, such as a ValidationException.
 */
export function checkRequest(operation: DynaliteOperation, request: Json, store: object): Json {
  const { types, custom } = load(`dynalite/validations/${lowerFirst(operation)}`) as Validation;
  const data = validations.checkTypes({ ...request }, types);
  validations.checkValidations(data, types, custom, store);
  checkLimits(data, itemSize);
  return data;
}

/** Runs a validated request on a store. @throws dynalite's error with `statusCode` and `body`. */
export function runAction(operation: DynaliteOperation, store: object, data: Json): Promise<Json> {
  const action = load(`dynalite/actions/${lowerFirst(operation)}`) as Action;
  return new Promise((resolve, reject) =>
    action(store, data, (error, result) => (error ? reject(error) : resolve(result ?? {}))),
  );
}

/**
 * Returns the entry of an item in an index: its database key without the index's prefix, and the projected attributes. Undefined if
 * the item lacks a key attribute of the index.
 * @param table definition of the table, with the attributes of the index.
 */
export function indexEntry(index: Json, item: Item, table: Json): { key: string; item: Item } | undefined {
  return database.getIndexActions([index], undefined, item, table).puts[0];
}

/** Size of an item in bytes, as DynamoDB counts it. */
export function itemSize(item: Item): number {
  return database.itemSize(item);
}

function lowerFirst(name: string): string {
  return name[0].toLowerCase() + name.slice(1);
}
