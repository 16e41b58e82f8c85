import type { Clock } from "./browser";
import type { RegionalClient } from "./regional-client";
import { type Visibility, pollWhileVisible } from "./polling";

/** Pauses in milliseconds. */
const PAUSES = { preferred: 3_000, failoverName: 30_000 };

/** Keeps a client with the region that it should prefer, while the page is visible: it returns there, and goes where DNS goes. */
export function pollPreferredRegion(
  page: { readonly clock: Clock; readonly visibility: Visibility },
  client: Pick<RegionalClient, "checkPreferred" | "followFailoverName">,
): void {
  pollWhileVisible(
    page,
    () => client.checkPreferred(),
    () => PAUSES.preferred,
  );
  pollWhileVisible(
    page,
    () => client.followFailoverName(),
    () => PAUSES.failoverName,
  );
}
