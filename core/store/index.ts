export { type Database, openDatabase } from "./database.ts";
export { StoreError, type StoreErrorCode } from "./errors.ts";
export {
  ARCHIVE_FILE,
  createFileObjectStore,
  type FileObjectStoreOptions,
  SIGNATURE_FILE,
} from "./file-object-store.ts";
export type { ObjectStore } from "./objects.ts";
