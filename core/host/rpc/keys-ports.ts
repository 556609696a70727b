import type { RpcArguments, RpcOutput, RpcProcedure } from "../../contract/rpc.ts";

/** Answers one procedure of the contract. */
export type Answers<Name extends RpcProcedure> = (
  input: RpcArguments<Name>,
) => RpcOutput<Name> | Promise<RpcOutput<Name>>;

/** Signing keys without their private halves. */
export interface KeysPort {
  list: Answers<"keys.list">;
  activate: Answers<"keys.activate">;
  generate: Answers<"keys.generate">;
  importFile: Answers<"keys.import">;
  csr: Answers<"keys.csr">;
  attach: Answers<"keys.attach">;
  exportKey: Answers<"keys.export">;
  dependents: Answers<"keys.dependents">;
  remove: Answers<"keys.delete">;
  inspect: Answers<"certificates.inspect">;
}

export interface TrustPort {
  list: Answers<"trust.list">;
  add: Answers<"trust.add">;
  remove: Answers<"trust.remove">;
  revoke: Answers<"trust.revoke">;
  exportPem: Answers<"trust.export">;
}

/** Bundles that the window hands in or names, to be signed and verified. */
export interface WindowBundlesPort {
  upload: Answers<"bundles.upload">;
  discard: Answers<"bundles.discard">;
  sign: Answers<"bundles.sign">;
  verify: Answers<"bundles.verify">;
}

export interface KeysPorts {
  readonly keys: KeysPort;
  readonly trust: TrustPort;
  readonly bundles: WindowBundlesPort;
}
