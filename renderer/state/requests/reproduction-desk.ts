import type { InstalledExtension } from "../../../core/contract/install.ts";
import {
  MAX_REPRODUCTION_BYTES,
  type Omission,
  type Reproduction,
  type ReproductionPart,
} from "../../../core/contract/reproduction.ts";
import type { HostState } from "../../../core/contract/rpc.ts";
import { type CallerChoice, callerOf } from "../caller.ts";
import { type ClientFailure, failureOf } from "../failure.ts";
import { EMPTY_DRAFT, type RequestDraft } from "../request-draft.ts";
import type { Resource } from "../resource.ts";
import { createStore, type Readable } from "../store.ts";
import type { WorkbenchState } from "../workbench.ts";

/** Where a reproduction came from. */
export interface ReproductionSource {
  /** `link`: somebody unknown asked for it. */
  readonly by: "path" | "link" | "file";
  /** Whole path on the host's machine; of a dropped file its name. */
  readonly name: string;
}

export interface OpenedReproduction {
  readonly source: ReproductionSource;
  readonly reproduction: Reproduction;
  /** Into whose form it was filled; absent when no such extension is installed. */
  readonly installId?: string;
  /** What is not as it was recorded, in words. */
  readonly notes: readonly string[];
  /** What was typed there before. */
  readonly replaced?: RequestDraft;
}

export interface ReproductionDeskState {
  readonly opened?: OpenedReproduction;
  readonly failed?: { readonly source: ReproductionSource; readonly failure: ClientFailure };
}

/** Fills recorded calls into the request form. Nothing is ever sent from here. */
export interface ReproductionDesk extends Readable<ReproductionDeskState> {
  openPath(path: string, by: "path" | "link"): Promise<void>;
  openFile(file: { readonly name: string; readonly size: number; text(): Promise<string> }): Promise<void>;
  /** The form as it was before. */
  putBack(): void;
  dismiss(): void;
}

export interface ReproductionDeskOptions {
  readonly state: Pick<WorkbenchState, "host" | "extensions" | "drafts" | "select">;
  readonly caller: CallerChoice;
  read(source: { readonly path: string } | { readonly text: string }): Promise<Reproduction>;
}

const PARTS: Record<ReproductionPart, string> = {
  path: "path",
  query: "query",
  headers: "list of headers",
  body: "body",
  persona: "persona",
};
const REASONS: Record<Omission["reason"], (part: string) => string> = {
  secret: (part) => `A secret was taken out of the ${part}.`,
  too_large: (part) => `The ${part} was too large to be kept whole.`,
  not_recorded: (part) => `The ${part} was not recorded.`,
};

export function createReproductionDesk(options: ReproductionDeskOptions): ReproductionDesk {
  const { state, caller } = options;
  const store = createStore<ReproductionDeskState>({});

  const fill = async (reproduction: Reproduction, source: ReproductionSource): Promise<void> => {
    const [host, installs] = await Promise.all([loaded(state.host), loaded(state.extensions)]);
    const { tenant } = callerOf(caller.get(), host);
    const install = installs.find(
      ({ extension_name, tenant_id }) => extension_name === reproduction.extension && tenant_id === tenant.id,
    );
    const notes = notesOn(reproduction, install);
    if (install === undefined) {
      store.set({ opened: { source, reproduction, notes } });
      return;
    }
    const { install_id: installId } = install;
    const replaced = state.drafts.get()[installId];
    state.drafts.set(installId, draftOfReproduction(reproduction));
    state.select(installId);
    const persona = personaLike(reproduction, host, tenant.id);
    if (persona !== undefined) caller.choosePersona(persona.id);
    else if (reproduction.as !== undefined)
      notes.push(`It was called as ${reproduction.as.user_type}, and the tenant has no such persona.`);
    store.set({
      opened: {
        source,
        reproduction,
        installId,
        notes,
        ...(replaced === undefined ? {} : { replaced }),
      },
    });
  };

  const open = async (source: ReproductionSource, read: () => Promise<Reproduction>): Promise<void> => {
    store.set({});
    try {
      await fill(await read(), source);
    } catch (error) {
      store.set({ failed: { source, failure: failureOf(error) } });
    }
  };

  return {
    get: store.get,
    subscribe: store.subscribe,
    openPath: (path, by) => open({ by, name: path }, () => options.read({ path })),
    async openFile(file) {
      const source = { by: "file", name: file.name } as const;
      if (file.size > MAX_REPRODUCTION_BYTES) store.set({ failed: { source, failure: tooLarge(file.size) } });
      else await open(source, async () => options.read({ text: await file.text() }));
    },
    putBack() {
      const { opened } = store.get();
      if (opened?.installId !== undefined && opened.replaced !== undefined)
        state.drafts.set(opened.installId, opened.replaced);
      store.set({});
    },
    dismiss: () => store.set({}),
  };
}

/** As it would have been typed. A body that is no text cannot be. */
function draftOfReproduction({ request }: Reproduction): RequestDraft {
  return {
    ...EMPTY_DRAFT,
    method: request.method,
    path: `${request.path}${request.query}`,
    headers: request.headers.map((header) => ({ ...header, enabled: true })),
    body: request.body ?? "",
  };
}

function notesOn(reproduction: Reproduction, install: InstalledExtension | undefined): string[] {
  const { request, extension_version: recorded, omitted } = reproduction;
  const holdsPlaces = /\{\{.+?\}\}/.test(JSON.stringify(request));
  return [
    ...omitted.map(({ part, reason }) => REASONS[reason](PARTS[part])),
    ...(request.body_b64 === undefined
      ? []
      : ["The body is no text and was left out: use the command line."]),
    ...(install !== undefined && recorded !== undefined && recorded !== install.version
      ? [`It was recorded with version ${recorded}; ${install.version} is installed.`]
      : []),
    ...(holdsPlaces ? ["It holds {{…}}: your own variables are put in their place when you send it."] : []),
  ];
}

function personaLike({ as, persona: name }: Reproduction, host: HostState, tenantId: string) {
  const alike = host.personas.filter(
    ({ tenant_id, user_type }) => tenant_id === tenantId && user_type === as?.user_type,
  );
  return alike.find((persona) => persona.name === name) ?? alike[0];
}

/** Its data, now or when it has come: a link may be faster than the host. */
function loaded<T>(resource: Resource<T>): Promise<T> {
  const { promise, resolve } = Promise.withResolvers<T>();
  const look = (): void => {
    const { data } = resource.get();
    if (data !== undefined) resolve(data);
  };
  const stop = resource.subscribe(look);
  look();
  return promise.finally(stop);
}

function tooLarge(actual: number): ClientFailure {
  return {
    kind: "refused",
    code: "reproduction_too_large",
    message: "The file is larger than any reproduction.",
    details: { expected: `at most ${MAX_REPRODUCTION_BYTES} bytes`, actual },
  };
}
