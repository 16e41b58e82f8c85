import type { VNode } from "preact";
import { ConflictDialog } from "./conflicts/conflict-dialog";
import { regionName } from "./data/wording";
import { CreatePanel } from "./forms/create-panel";
import { EditDialog } from "./forms/edit-dialog";
import { TicketSection } from "./list/ticket-section";
import { NoticeList } from "./notice-list";
import { Page, PageContext } from "./page-context";
import { PageHeader } from "./page-header";

/** The whole page. */
export function App({ page }: { readonly page: Page }): VNode {
  return (
    <PageContext.Provider value={page}>
      <a class="skip-link" href="#tickets">
        Skip to the tickets
      </a>
      <PageHeader />
      <main class="columns">
        <CreatePanel />
        <TicketSection />
      </main>
      <PageFooter page={page} />
      <Dialogs page={page} />
      <NoticeList />
    </PageContext.Provider>
  );
}

/** At most one is open; it starts afresh for another ticket. */
function Dialogs({ page: { edited, compared } }: { readonly page: Page }): VNode {
  const ticket = edited.value;
  return (
    <>
      {ticket && <EditDialog key={ticket.id} ticket={ticket} />}
      {compared.value !== undefined && <ConflictDialog key={compared.value} id={compared.value} />}
    </>
  );
}

function PageFooter({ page: { config } }: { readonly page: Page }): VNode {
  const { region, failoverUrl } = config;
  return (
    <footer class="page-footer">
      <p>
        This page came from {regionName(region)} ({region.code}).
      </p>
      {failoverUrl !== undefined && (
        <p>
          Failover name: <code>{failoverUrl}</code>
        </p>
      )}
    </footer>
  );
}
