import type { Image } from "../../functions/shared/image";
import { toImage } from "../../testing/attribute-values";
import { ticketItem } from "../../testing/tickets";

/** Returns an item of a region that can never be applied: its version is malformed. @param origin AWS code of the region. */
export function malformedItem(id: string, origin: string): Image {
  return toImage({ ...ticketItem({ id, origin }), version: "not a version" }) as Image;
}
