/** The engine's own binding, before this folder's module of the same interface takes its place. */
declare module "engine:alga:extension/storage" {
  export * from "alga:extension/storage";
}
declare module "core-js/actual/*";
