/**
 * Which indexes the ticket tables have, and which ones lists read. A table with the old indexes changes from one to the next in this order:
 * `adding`: both kinds exist, lists read the old ones; `reading`: both exist, lists read the sharded ones; `sharded`: only these exist.
 */
export type ListIndexes = "adding" | "reading" | "sharded";

/** Values of `listIndexes`, the default first. */
export const LIST_INDEXES: readonly ListIndexes[] = ["sharded", "reading", "adding"];
