/**
 * Environment that makes `process.execPath` run as plain Node: Electron's executable would otherwise start the app
 * once more. Node's own `fork` is patched by Electron to do the same; `spawn` is not.
 */
export const PLAIN_NODE_ENVIRONMENT: Readonly<Record<string, string>> =
  process.versions["electron"] === undefined ? {} : { ELECTRON_RUN_AS_NODE: "1" };
