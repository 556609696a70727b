import type { InstalledExtension } from "../../../core/contract/install.ts";
import { type CallerChoice, callerOf } from "../caller.ts";
import { draftOf } from "../drafts.ts";
import { type Preparation, type PreparedRequest, prepare, type RequestDraft } from "../request-draft.ts";
import { createStore, type Readable } from "../store.ts";
import { installOf, type WorkbenchState } from "../workbench.ts";
import type { Collections } from "./collections.ts";
import type { RequestHistory } from "./history.ts";
import { type HistoryEntry, historyEntryOf } from "./history-entry.ts";
import { type VariableBook, variablesOf } from "./variables.ts";

/** What the exchange under way, or the last one, was made of. */
export interface SentRequest {
  readonly install: InstalledExtension;
  readonly request: PreparedRequest;
}

export interface RequestConsole {
  readonly variables: VariableBook;
  readonly history: RequestHistory;
  readonly collections: Collections;
  readonly sent: Readable<SentRequest | undefined>;
  /** Under this name the variables of an install are kept: the open project, else the tenant. */
  scopeOf(install: InstalledExtension): string;
  preparation(install: InstalledExtension, draft: RequestDraft): Preparation;
  /** Sends the draft of the selected extension; answers whether it could be sent. */
  send(): boolean;
  /** Puts a request of the past into the form of its extension, or of the selected one when that has gone. */
  reopen(entry: Pick<HistoryEntry, "install_id" | "draft">): boolean;
}

export interface RequestConsoleOptions {
  readonly state: WorkbenchState;
  readonly caller: CallerChoice;
  readonly project: Readable<{ readonly dir: string } | undefined>;
  readonly variables: VariableBook;
  readonly history: RequestHistory;
  readonly collections: Collections;
  readonly now: () => Date;
  readonly newId: () => string;
}

/** Sending requests and what is kept of them; goes on while another screen is looked at. */
export function createRequestConsole(options: RequestConsoleOptions): RequestConsole {
  const { state, caller, project, variables, history } = options;
  const sent = createStore<SentRequest | undefined>(undefined);
  const scopeOf = (install: InstalledExtension): string =>
    project.get()?.dir ?? `tenant:${install.tenant_id}`;

  const callerFor = (install: InstalledExtension): PreparedRequest["caller"] => {
    const host = state.host.get().data;
    const choice = caller.get();
    const persona = host
      ? callerOf({ tenantId: install.tenant_id, personaId: choice.personaId }, host).persona
      : undefined;
    return { tenantId: install.tenant_id, ...(persona ? { personaId: persona.id } : {}) };
  };

  const preparation = (install: InstalledExtension, draft: RequestDraft): Preparation => {
    const prepared = prepare(draft, variablesOf(variables.get()[scopeOf(install)] ?? []));
    const as = callerFor(install);
    return prepared.ok && as ? { ok: true, request: { ...prepared.request, caller: as } } : prepared;
  };

  const exchange = async (
    install: InstalledExtension,
    draft: RequestDraft,
    request: PreparedRequest,
  ): Promise<void> => {
    const at = options.now().toISOString();
    sent.set({ install, request });
    await state.exchange.send(install.install_id, request);
    const ended = state.exchange.get();
    // Another one was sent in the meantime: this one was given up for it.
    const own =
      "sent" in ended && ended.sent === request ? ended : { phase: "cancelled" as const, sent: request };
    const entry = historyEntryOf({ id: options.newId(), at, install, draft, request, exchange: own });
    if (entry) await history.add(entry);
  };

  return {
    variables,
    history,
    collections: options.collections,
    sent,
    scopeOf,
    preparation,
    send() {
      const install = installOf(state.extensions.get().data, state.selected.get());
      if (install === undefined) return false;
      const draft = draftOf(state.drafts.get(), install.install_id);
      const prepared = preparation(install, draft);
      if (!prepared.ok) return false;
      void exchange(install, draft, prepared.request);
      return true;
    },
    reopen({ install_id, draft }) {
      const there = installOf(state.extensions.get().data, install_id)?.install_id ?? state.selected.get();
      if (there === undefined) return false;
      state.drafts.set(there, draft);
      state.select(there);
      return true;
    },
  };
}
