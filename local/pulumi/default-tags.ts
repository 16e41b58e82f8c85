import type { DeclaredResource, ResourceHandler } from "../aws/resource";
import { isPlain } from "./equality";

/** Tags by key. */
export type Tags = Readonly<Record<string, string>>;

/** Most services accept 50 tags on a resource: https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html */
const MAXIMUM_TAGS = 50;

/**
 * Returns the default tags of a provider, which are part of every resource that can have tags.
 * @param inputs inputs of the provider, which are JSON texts if they are objects.
 */
export function defaultTagsOf({ defaultTags }: Readonly<Record<string, unknown>>): Tags {
  const value: unknown =
    typeof defaultTags === "string" && defaultTags !== "" ? JSON.parse(defaultTags) : defaultTags;
  return (value as { readonly tags?: Tags } | null | undefined)?.tags ?? {};
}

/**
 * Adds `tagsAll`, the tags of a resource with the default tags of its provider if it has any, to the inputs of a type that can have tags.
 * The real provider computes them in the same way, so that other default tags update every resource: `SetTagsDiff` in internal/verify/diff.go
 * of terraform-provider-aws.
 * @throws Error for more tags than the service accepts.
 */
export function withAllTags(
  handler: Pick<ResourceHandler, "updatable" | "maximumTags">,
  type: string,
  inputs: DeclaredResource["inputs"],
  defaultTags: Tags,
): DeclaredResource["inputs"] {
  const { tags: own = {} } = inputs;
  // Tags that are not known yet, in a preview.
  if (!canHaveTags(handler) || !isPlain(own ?? {})) return inputs;
  const tagsAll = { ...defaultTags, ...(own as Tags | null) };
  const count = Object.keys(tagsAll).length;
  const { maximumTags = MAXIMUM_TAGS } = handler;
  if (count > maximumTags)
    throw new Error(
      `${type} would have ${count} tags, with the default tags of its provider, but AWS accepts at most ${maximumTags}. Remove tags.`,
    );
  return Object.keys(defaultTags).length > 0 ? { ...inputs, tagsAll } : inputs;
}

/** Whether resources of a type can have tags. */
export function canHaveTags({ updatable }: Pick<ResourceHandler, "updatable">): boolean {
  return updatable.includes("tags");
}
