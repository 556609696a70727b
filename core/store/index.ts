export { type CachedObjectStore, createCachedObjectStore } from "./cached-object-store.ts";
export { dataVersionOf } from "./data-version.ts";
export { type Database, openDatabase } from "./database.ts";
export { isAway, StoreError, type StoreErrorCode } from "./errors.ts";
export {
  createFileObjectStore,
  type FileObjectStoreOptions,
} from "./file-object-store.ts";
export type { ObjectStore } from "./objects.ts";
export { rememberReads } from "./remembered-reads.ts";
export { createRevision, type PrepareWrite, type Revision } from "./revision.ts";
export { createS3ObjectStore, type S3ObjectStore } from "./s3-object-store.ts";
export { systemFailure } from "./system-failure.ts";
