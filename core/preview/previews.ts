import type { Header, User } from "../contract/execute.ts";
import type { InstalledExtension, Tenant } from "../contract/install.ts";
import type { CustomUser, PolicyViolation, Preview, PreviewHook } from "../contract/rpc/preview.ts";
import { PreviewError } from "./errors.ts";
import { frameAddress } from "./frame-address.ts";
import { customUser, previewWarnings } from "./persona.ts";
import { createViolations } from "./violations.ts";

export const SESSION_MS = 60 * 60_000;
const TOKEN_BYTES = 32;
const MAX_SESSIONS = 100;

interface Caller {
  readonly tenant: Tenant;
  readonly user: User;
}

interface Answer {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body: Uint8Array;
  readonly request_id: string;
  readonly execution_id?: string;
  readonly error?: { readonly code: string; readonly message: string };
}

export interface PreviewPorts {
  /** The persona named, else the tenant's default one; the default tenant when none is named. */
  caller(choice: { tenantId?: string | undefined; personaId?: string | undefined }): Caller | undefined;
  resolveInstall(tenantId: string, ref: string): InstalledExtension | undefined;
  /** Origin that serves an extension's UI; `undefined` while the runner is not there. */
  uiOrigin(registryId: string): string | undefined;
  call(request: {
    readonly extension: string;
    readonly method: string;
    readonly target: string;
    readonly headers: readonly Header[];
    readonly body?: Uint8Array | undefined;
    readonly caller: Caller;
    readonly signal?: AbortSignal | undefined;
  }): Promise<Answer>;
  clock: { now(): Date };
  ids: { uuid(): string; token(bytes: number): string };
}

export interface OpenPreview {
  readonly install: string;
  readonly tenantId?: string | undefined;
  readonly persona?: { readonly persona_id: string } | { readonly custom: CustomUser } | undefined;
  readonly hook: PreviewHook;
  readonly parentOrigin: string;
}

export interface ProxyCall {
  readonly token: string;
  /** Path below the extension, with its query. */
  readonly route: string;
  readonly method: string;
  readonly body?: Uint8Array | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface Session {
  readonly caller: Caller;
  readonly installId: string;
  expiresAt: Date;
}

/** Previews that are open: as whom each of them calls which install. Sessions live in memory and end with the host. */
export type Previews = ReturnType<typeof createPreviews>;

export function createPreviews(ports: PreviewPorts) {
  const sessions = new Map<string, Session>();
  /** Names a session in the frame's address, where it can be read by the frame: good for reports alone. */
  const reportKeys = new Map<string, string>();
  const violations = createViolations();

  function session(token: string): Session {
    const found = sessions.get(token);
    if (found && found.expiresAt > ports.clock.now()) return found;
    close(token);
    throw new PreviewError({
      code: "preview_not_found",
      message: "There is no such preview, or its session has ended.",
      hint: "Reload the preview.",
    });
  }

  function close(token: string): void {
    sessions.delete(token);
    violations.remove(token);
    for (const [key, owner] of reportKeys) if (owner === token) reportKeys.delete(key);
  }

  function callerFor({ tenantId, persona }: OpenPreview): Caller {
    const personaId = persona && "persona_id" in persona ? persona.persona_id : undefined;
    const caller = ports.caller({ tenantId, personaId });
    if (!caller) {
      throw new PreviewError({
        code: "preview_persona_not_found",
        message: "There is no such tenant or persona.",
      });
    }
    if (!persona || !("custom" in persona)) return caller;
    return { tenant: caller.tenant, user: customUser(persona.custom, caller.tenant) };
  }

  function expiry(): Date {
    return new Date(ports.clock.now().getTime() + SESSION_MS);
  }

  return {
    /** Errors: the codes of `PreviewError`. */
    open(request: OpenPreview): Preview {
      const caller = callerFor(request);
      const { install, entry, origin } = framed(
        ports.resolveInstall(caller.tenant.id, request.install),
        ports,
      );
      for (const [token, { expiresAt }] of sessions) if (expiresAt <= ports.clock.now()) close(token);
      if (sessions.size >= MAX_SESSIONS) {
        throw new PreviewError({
          code: "too_many_previews",
          message: `There are ${MAX_SESSIONS} previews open.`,
          hint: "Close some of the pages that show one.",
        });
      }
      const token = ports.ids.token(TOKEN_BYTES);
      const reportKey = ports.ids.token(TOKEN_BYTES);
      const opened: Session = { caller, installId: install.install_id, expiresAt: expiry() };
      sessions.set(token, opened);
      reportKeys.set(reportKey, token);
      const { user_id, user_name, user_type, roles } = caller.user;
      return {
        session: { token, expires_at: opened.expiresAt.toISOString() },
        url: frameAddress({ install, entry, origin, parentOrigin: request.parentOrigin, reportKey }),
        origin,
        install_id: install.install_id,
        extension_name: install.extension_name,
        version: install.version,
        content_hash: install.content_hash,
        user: { user_id, user_name, user_type, ...(roles === undefined ? {} : { roles }) },
        warnings: previewWarnings(install.manifest, request.hook, caller.user),
      };
    },

    /** Errors: `preview_not_found`. */
    renew(token: string): Preview["session"] {
      const found = session(token);
      found.expiresAt = expiry();
      return { token, expires_at: found.expiresAt.toISOString() };
    },

    close,

    /** Through the gateway, with every decision taken. A refusal is an answer. Errors: `preview_not_found`. */
    async proxy({ token, route, method, body, signal }: ProxyCall) {
      const { caller, installId } = session(token);
      const from = performance.now();
      const answer = await ports.call({
        extension: installId,
        method,
        target: route,
        // What the SDK sends is JSON; a GET has no body to describe.
        headers: [
          { name: "x-request-id", value: ports.ids.uuid() },
          { name: "accept", value: "application/json, */*" },
          ...(body === undefined ? [] : [{ name: "content-type", value: "application/json" }]),
        ],
        body,
        caller,
        signal,
      });
      return { ...answer, duration_ms: performance.now() - from };
    },

    /** What a browser reports of a frame's policy. An unknown key is ignored: anything on this machine may call. */
    report(key: string, report: unknown): void {
      const token = reportKeys.get(key);
      if (token !== undefined && sessions.has(token)) violations.add(token, report, ports.clock.now());
    },

    /** Errors: `preview_not_found`. */
    violations(
      token: string,
      after: number | undefined,
      signal: AbortSignal,
    ): AsyncIterable<readonly PolicyViolation[]> {
      session(token);
      return violations.follow(token, after, signal);
    },
  };
}

/** An install that has a UI which the runner can serve now. */
function framed(
  install: InstalledExtension | undefined,
  ports: Pick<PreviewPorts, "uiOrigin">,
): { readonly install: InstalledExtension; readonly entry: string; readonly origin: string } {
  if (!install) {
    throw new PreviewError({
      code: "preview_not_installed",
      message: "The extension is not installed for this tenant.",
      hint: "Install it in Registry, or start the loop of its project.",
    });
  }
  if (!install.enabled) {
    throw new PreviewError({
      code: "preview_disabled",
      message: "The install is disabled: its UI is not served.",
      hint: `Enable it with \`workbench enable ${install.extension_name}\`.`,
    });
  }
  const entry = install.manifest.ui?.entry;
  if (entry === undefined) {
    throw new PreviewError({
      code: "preview_without_ui",
      message: "This extension has no UI.",
      hint: "Call its endpoints in Requests, or give it a UI: `ui` in manifest.json and files below ui/.",
    });
  }
  const origin = ports.uiOrigin(install.registry_id);
  if (origin !== undefined) return { install, entry, origin };
  throw new PreviewError({
    code: "preview_runner_unavailable",
    kind: "environment",
    message: "The runner, which serves the UI, is not there.",
    hint: "Wait until the status bar shows it as ready.",
  });
}
