import type { ContentHash } from "../../contract/content-hash.ts";
import type { PreparationFailure, PreparedStoreOptions } from "../../contract/runner-protocol.ts";
import type { TrustSnapshot } from "../../contract/trust.ts";
import type { VerificationCode } from "../../contract/verification.ts";
import type { GuestProgram } from "../guest/program.ts";
import type { ComponentHash, PreparedBundleName, PreparedComponentName } from "../prepared/prepared-name.ts";

/** Work on a bundle's bytes that would hold up every call if the main thread did it. */
export interface Preparation {
  /** Reads archive and signature, hashes and checks both. */
  verify(request: VerifyRequest): Promise<Judgement>;
  /** Which component the bundle has, as the preparer found. */
  component(request: PreparedBundleName): Promise<ComponentAnswer>;
  /** Loads what the preparer has made of a component, ready to run; nothing when that cannot be believed. */
  program(request: PreparedComponentName): Promise<GuestProgram | undefined>;
  ui(request: UiRequest): Promise<UiFiles>;
  /** One file of a UI that is too large to be held as a whole. */
  uiFile(request: UiFileRequest): Promise<Uint8Array | undefined>;
}

export interface VerifyRequest {
  readonly contentHash: ContentHash;
  readonly tenantId: string;
  readonly trust: TrustSnapshot;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface Judgement {
  readonly verified: boolean;
  readonly code?: VerificationCode;
  /** Milliseconds since the epoch after which the signer's certificate says something else. */
  readonly notAfter?: number;
}

export type ComponentAnswer =
  | { readonly kind: "component"; readonly component: ComponentHash }
  /** The bundle has no component. */
  | { readonly kind: "none" }
  /** Nothing that can be believed was made of the bundle yet. */
  | { readonly kind: "unprepared" };

/** Handed over when the thread starts. */
export interface PreparationData {
  readonly objectsDir: string;
  readonly prepared: PreparedStoreOptions;
}

export interface UiRequest {
  readonly contentHash: ContentHash;
}

export interface UiFileRequest {
  readonly contentHash: ContentHash;
  /** Below `ui/`. */
  readonly path: string;
}

export interface UiFiles {
  /** Path below `ui/` of the page that a navigation gets; absent when the bundle has no UI. */
  readonly entry?: string;
  /** By path below `ui/`: the bytes, or `undefined` for each when together they are too large to be held. */
  readonly files: ReadonlyMap<string, Uint8Array | undefined>;
}

/** One request to the preparation worker and its answer. */
export type PreparationMessage =
  | { readonly id: number; readonly op: "verify"; readonly request: VerifyRequest }
  | { readonly id: number; readonly op: "component"; readonly request: PreparedBundleName }
  | { readonly id: number; readonly op: "program"; readonly request: PreparedComponentName }
  | { readonly id: number; readonly op: "ui"; readonly request: UiRequest }
  | { readonly id: number; readonly op: "uiFile"; readonly request: UiFileRequest };

export type PreparationReply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | ({ readonly id: number; readonly ok: false } & PreparationFailure);
