/** The engine's own binding, before this folder's module of the same interface takes its place. */
declare module "engine:alga:extension/storage" {
  export * from "alga:extension/storage";
}
declare module "core-js/actual/*";
declare module "engine:wasi:random/random@0.2.12" {
  /** A length of up to 64 bits, which this engine's binding takes as a number. */
  export function getRandomBytes(length: number): Uint8Array;
}
