import type { BundleReference } from "../../../core/contract/rpc/keys.ts";
import type { RpcOutput } from "../../../core/contract/rpc.ts";
import type { RpcClient } from "../../client.ts";
import { failureOf } from "../failure.ts";
import { createStore, type Readable } from "../store.ts";
import { type Action, createAction } from "./action.ts";
import { sortBundleFiles } from "./bundle-files.ts";
import { type LocalFile, uploadBundle } from "./upload.ts";

export type Verification = RpcOutput<"bundles.verify">;
type Signed = RpcOutput<"bundles.sign">;

/** A bundle to be signed or verified: a file of this machine, or one of the registry with its stored signature. */
export type ChosenBundle =
  | { readonly kind: "file"; readonly file: LocalFile }
  | { readonly kind: "published"; readonly contentHash: string; readonly name: string };

export interface DeskState {
  readonly bundle: ChosenBundle | undefined;
  readonly signature: { readonly name: string; readonly text: string } | undefined;
  readonly trust: { readonly name: string; readonly text: string } | undefined;
  /** Share of the bundle that was sent, while it is being sent. */
  readonly progress: number | undefined;
  /** Names of dropped files that are none of what is needed. */
  readonly ignored: readonly string[];
}

export interface VerifyOptions {
  /** ISO 8601. */
  readonly at?: string;
  readonly tenantId?: string;
}

/** Where a bundle lies with its signature while it is signed and verified. */
export interface BundleDesk extends Readable<DeskState> {
  readonly verification: Action<VerifyOptions, Verification>;
  readonly signing: Action<{ readonly keyId: string }, Signed>;
  /** Puts files where they belong; a new bundle takes the old signature away. */
  drop(files: readonly LocalFile[]): Promise<void>;
  choosePublished(contentHash: string, name: string): void;
  removeSignature(): void;
  removeTrust(): void;
}

const EMPTY: DeskState = {
  bundle: undefined,
  signature: undefined,
  trust: undefined,
  progress: undefined,
  ignored: [],
};

export function createBundleDesk(client: Pick<RpcClient, "call">): BundleDesk {
  const store = createStore<DeskState>(EMPTY);
  let sent: { readonly file: LocalFile; readonly uploadId: string } | undefined;

  /** Sends a file once, however often it is verified. */
  const referenceOf = async (signal: AbortSignal): Promise<BundleReference> => {
    const { bundle } = store.get();
    if (bundle === undefined) throw new Error("there is no bundle");
    if (bundle.kind === "published") return { content_hash: bundle.contentHash };
    if (sent?.file === bundle.file) return { upload_id: sent.uploadId };
    try {
      const onProgress = (progress: number) => store.update((state) => ({ ...state, progress }));
      const uploadId = await uploadBundle(client, bundle.file, { signal, onProgress });
      sent = { file: bundle.file, uploadId };
      return { upload_id: uploadId };
    } finally {
      store.update((state) => ({ ...state, progress: undefined }));
    }
  };
  /** The host keeps an upload for a while only, and forgets all when it starts again: then it is sent anew. */
  const withBundle = async <T>(
    signal: AbortSignal,
    use: (bundle: BundleReference) => Promise<T>,
  ): Promise<T> => {
    const hadSent = sent !== undefined;
    try {
      return await use(await referenceOf(signal));
    } catch (error) {
      if (!hadSent || !isForgotten(error)) throw error;
      sent = undefined;
      return use(await referenceOf(signal));
    }
  };

  const verification = createAction<VerifyOptions, Verification>((options, signal) =>
    withBundle(signal, (bundle) => {
      const { signature, trust } = store.get();
      return client.call(
        "bundles.verify",
        {
          bundle,
          ...(signature === undefined ? {} : { signature: signature.text }),
          ...(trust === undefined ? {} : { trust_pem: trust.text }),
          ...(options.at === undefined ? {} : { at: options.at }),
          ...(options.tenantId === undefined ? {} : { tenant_id: options.tenantId }),
        },
        signal,
      );
    }),
  );
  const signing = createAction<{ keyId: string }, Signed>(async ({ keyId }, signal) => {
    const signed = await withBundle(signal, (bundle) =>
      client.call("bundles.sign", { bundle, key_id: keyId }, signal),
    );
    store.update((state) => ({
      ...state,
      signature: { name: `${bundleName(state.bundle)}.SIGNATURE`, text: signed.signature },
    }));
    verification.reset();
    return signed;
  });
  const forget = (): void => {
    verification.cancel();
    verification.reset();
    signing.cancel();
    signing.reset();
  };

  return {
    get: store.get,
    subscribe: store.subscribe,
    verification,
    signing,
    async drop(files) {
      const { bundle, signature, trust, ignored } = sortBundleFiles(files);
      const [signatureText, trustText] = await Promise.all([signature?.text(), trust?.text()]);
      forget();
      store.update((state) => ({
        ...state,
        ...(bundle ? { bundle: { kind: "file", file: bundle }, signature: undefined } : {}),
        ...(signature ? { signature: { name: signature.name, text: signatureText ?? "" } } : {}),
        ...(trust ? { trust: { name: trust.name, text: trustText ?? "" } } : {}),
        ignored: ignored.map(({ name }) => name),
      }));
    },
    choosePublished(contentHash, name) {
      forget();
      store.set({ ...EMPTY, bundle: { kind: "published", contentHash, name } });
    },
    removeSignature() {
      forget();
      store.update((state) => ({ ...state, signature: undefined }));
    },
    removeTrust() {
      forget();
      store.update((state) => ({ ...state, trust: undefined }));
    },
  };
}

/** As a file beside which a signature lies. */
export function bundleName(bundle: ChosenBundle | undefined): string {
  if (bundle?.kind === "file") return bundle.file.name;
  return bundle ? `${bundle.name}.tar.zst` : "bundle.tar.zst";
}

function isForgotten(error: unknown): boolean {
  return failureOf(error).code === "upload_not_found";
}
