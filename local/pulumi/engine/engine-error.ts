/** Errors that the Pulumi engine reported. They are part of its output, too. */
export class EngineError extends Error {}
