import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { ConflictDialog } from "./conflicts/conflict-dialog";
import { isolated } from "./data/bidi";
import { regionName } from "./data/messages";
import { CreatePanel } from "./forms/create-panel";
import { EditDialog } from "./forms/edit-dialog";
import { TicketSection } from "./list/ticket-section";
import { NoticeList } from "./notice-list";
import { AppServices, AppContext } from "./app-context";
import { Header } from "./header";
import { TicketDialog } from "./ticket/ticket-dialog";

/** Root component. */
export function App({ app }: { readonly app: AppServices }): VNode {
  return (
    <AppContext.Provider value={app}>
      <a class="skip-link" href="#tickets" onClick={skipToTickets}>
        Skip to the tickets
      </a>
      <Header />
      <main class="columns">
        <CreatePanel />
        <TicketSection />
      </main>
      <Footer app={app} />
      <Dialogs app={app} />
      <NoticeList />
    </AppContext.Provider>
  );
}

/** Moves the focus without the history entry that the fragment link would add. */
function skipToTickets(event: Event): void {
  event.preventDefault();
  document.getElementById("tickets")?.focus();
}

/** Open dialog, if any. Each ticket gets a new component instance. */
function Dialogs({ app: { navigation, store } }: { readonly app: AppServices }): VNode | null {
  const { overlay } = navigation.route.value;
  const id = overlay?.id;
  const subject = id === undefined ? undefined : store.find(id)?.subject;
  useEffect(() => {
    document.title = subject === undefined ? "Tickets" : `${isolated(subject)} · Tickets`;
  }, [subject]);
  if (id === undefined) return null;
  if (overlay?.view === "edit") return <EditDialog key={`edit ${id}`} id={id} />;
  if (overlay?.view === "conflict") return <ConflictDialog key={`conflict ${id}`} id={id} />;
  return <TicketDialog key={id} id={id} />;
}

function Footer({ app: { config } }: { readonly app: AppServices }): VNode {
  const { region, failoverUrl } = config;
  return (
    <footer class="app-footer">
      <p>
        Loaded from {regionName(region)} ({region.code}).
      </p>
      {failoverUrl !== undefined && (
        <p>
          Failover name: <code>{failoverUrl}</code>
        </p>
      )}
    </footer>
  );
}
