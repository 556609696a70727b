import type { InstalledExtension } from "../../core/contract/install.ts";
import type { Endpoint } from "../../core/contract/manifest.ts";
import type { HostState } from "../../core/contract/rpc.ts";
import type { StreamState } from "../event-stream.ts";
import { createDrafts, type Drafts, draftOf } from "./drafts.ts";
import { createExchange, type Exchange } from "./exchange.ts";
import type { HostApi } from "./host-api.ts";
import { createLogLines, type LogLines } from "./log-lines.ts";
import { draftFor } from "./request-draft.ts";
import { createResource, type Resource } from "./resource.ts";
import { createStore, type Readable } from "./store.ts";
import type { TextStorage } from "./text-storage.ts";
import type { Timers } from "./timers.ts";

export interface WorkbenchState {
  readonly connection: Readable<StreamState>;
  readonly host: Resource<HostState>;
  readonly extensions: Resource<readonly InstalledExtension[]>;
  /** Install id of the extension that is looked at; `undefined` while there is none. */
  readonly selected: Readable<string | undefined>;
  readonly drafts: Drafts;
  readonly exchange: Exchange;
  readonly logs: LogLines;
  select(installId: string): void;
  /** Puts an endpoint of the selected extension into the request form. */
  fill(endpoint: Endpoint): void;
  /** Loads everything again. */
  refresh(): void;
  /** Connects; the answer disconnects. */
  start(): () => void;
}

export interface WorkbenchStateOptions {
  readonly api: HostApi;
  readonly storage: TextStorage;
  readonly timers: Timers;
}

/** The page's state as a whole, free of React and the DOM: views subscribe to its parts. */
export function createWorkbenchState({ api, storage, timers }: WorkbenchStateOptions): WorkbenchState {
  const connection = createStore<StreamState>("connecting");
  const host = createResource((signal) => api.host(signal));
  const extensions = createResource((signal) => api.extensions(signal));
  const selected = createStore<string | undefined>(undefined);
  const drafts = createDrafts(storage);
  const exchange = createExchange(api);
  const logs = createLogLines(timers);

  const select = (installId: string): void => {
    selected.set(installId);
    const endpoint = installOf(extensions.get().data, installId)?.manifest.api?.endpoints[0];
    const untouched = drafts.get()[installId] === undefined;
    if (untouched && endpoint) drafts.set(installId, draftFor(endpoint, draftOf(drafts.get(), installId)));
  };
  const keepSelectionValid = (): void => {
    const installs = extensions.get().data;
    if (installs === undefined || installOf(installs, selected.get())) return;
    const first = installs[0];
    if (first) select(first.install_id);
    else selected.set(undefined);
  };
  const refresh = (): void => {
    void host.reload();
    void extensions.reload();
  };

  return {
    connection,
    host,
    extensions,
    selected,
    drafts,
    exchange,
    logs,
    select,
    refresh,
    fill(endpoint) {
      const installId = selected.get();
      if (installId) drafts.set(installId, draftFor(endpoint, draftOf(drafts.get(), installId)));
    },
    start() {
      const stopWatching = extensions.subscribe(keepSelectionValid);
      const stopFollowing = api.followLog(logs.append, (state) => {
        connection.set(state);
        // The host may be another process than before: nothing that was loaded is taken for granted.
        if (state === "open") refresh();
      });
      refresh();
      return () => {
        stopFollowing();
        stopWatching();
      };
    },
  };
}

export function installOf(
  installs: readonly InstalledExtension[] | undefined,
  installId: string | undefined,
): InstalledExtension | undefined {
  return installs?.find((install) => install.install_id === installId);
}
