import type { TicketChanges, TicketFilter } from "../../ui/src/data/api-types";
import type { Behaviour } from "./fake-regions";

/** Something that happens; `nth` chooses a ticket. */
export type Step =
  | { readonly does: "create"; readonly again: boolean }
  | { readonly does: "change"; readonly nth: number; readonly changes: TicketChanges }
  | { readonly does: "remove"; readonly nth: number; readonly undo: boolean }
  | { readonly does: "show"; readonly filter: TicketFilter }
  | { readonly does: "refresh" | "loadMore" | "replicate" | "index" }
  | { readonly does: "wait"; readonly milliseconds: number }
  | { readonly does: "fail"; readonly reads: Behaviours; readonly writes: Behaviours }
  | {
      readonly does: "other";
      readonly region: 0 | 1;
      readonly nth: number;
      readonly changes?: TicketChanges;
    };

/** Of Ireland and of Singapore. */
type Behaviours = readonly [Behaviour, Behaviour];
