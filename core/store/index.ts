export { type Database, openDatabase } from "./database.ts";
export { StoreError, type StoreErrorCode } from "./errors.ts";
export {
  createFileObjectStore,
  type FileObjectStoreOptions,
} from "./file-object-store.ts";
export type { ObjectStore } from "./objects.ts";
export { systemFailure } from "./system-failure.ts";
