import type { storageCalls } from "../../contract/host-calls/storage.ts";
import type { HostAnswers } from "../../platform/host-answers.ts";
import type { StorageRepository } from "./storage-repository.ts";

/** The interface `storage`, each install in its own store. */
export function createStorageAnswers(storage: StorageRepository): HostAnswers<typeof storageCalls> {
  return {
    "storage.get": ({ install_id }, { namespace, key }) => storage.get(install_id, namespace, key),
    "storage.put": ({ install_id }, entry) => storage.put(install_id, entry),
    "storage.delete": ({ install_id }, { namespace, key }) => storage.delete(install_id, namespace, key),
    "storage.list": ({ install_id }, { namespace, cursor }) => storage.list(install_id, namespace, cursor),
  };
}
