import type { keysProcedures } from "../../contract/rpc/keys.ts";
import type { RpcHandlers } from "../rpc.ts";
import type { KeysPorts } from "./keys-ports.ts";

export function createKeysHandlers({
  keys,
  trust,
  bundles,
}: KeysPorts): Pick<RpcHandlers, keyof typeof keysProcedures> {
  return {
    "keys.list": keys.list,
    "keys.activate": keys.activate,
    "keys.generate": keys.generate,
    "keys.import": keys.importFile,
    "keys.csr": keys.csr,
    "keys.attach": keys.attach,
    "keys.export": keys.exportKey,
    "keys.dependents": keys.dependents,
    "keys.delete": keys.remove,
    "certificates.inspect": keys.inspect,
    "trust.list": trust.list,
    "trust.add": trust.add,
    "trust.remove": trust.remove,
    "trust.revoke": trust.revoke,
    "trust.export": trust.exportPem,
    "bundles.upload": bundles.upload,
    "bundles.discard": bundles.discard,
    "bundles.sign": bundles.sign,
    "bundles.verify": bundles.verify,
  };
}
