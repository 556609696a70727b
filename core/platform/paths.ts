import { homedir } from "node:os";
import { join } from "node:path";

/** Where a workbench keeps what it keeps. Everything lives below `home`. */
export interface Paths {
  readonly home: string;
  readonly database: string;
  /** Content-addressed bundles, the only folder that the runner may read besides its code. */
  readonly objects: string;
  readonly staging: string;
  /** What the runner loads, made from bundles; may be deleted at any time. */
  readonly prepared: string;
  /** Key that says which files in `prepared` are ours. Mode 0600. */
  readonly preparedKey: string;
  /** Key that seals keys and secrets when the platform offers no keychain. Mode 0600. */
  readonly boxKey: string;
  /** The sealing key as the platform's keychain sealed it; made by the desktop app. */
  readonly keychainKey: string;
  /** Salt of the passphrase that seals keys and secrets instead. */
  readonly boxSalt: string;
}

export function pathsOf(home: string): Paths {
  return {
    home,
    database: join(home, "workbench.sqlite"),
    objects: join(home, "objects"),
    staging: join(home, "staging"),
    prepared: join(home, "prepared"),
    preparedKey: join(home, "prepared.key"),
    boxKey: join(home, "box.key"),
    keychainKey: join(home, "safe-storage.key"),
    boxSalt: join(home, "box.salt"),
  };
}

/** The platform's own place for application data. */
export function defaultHome(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string {
  const name = "extension-workbench";
  if (platform === "win32") return join(env.LOCALAPPDATA ?? join(homedir(), "AppData", "Local"), name);
  if (platform === "darwin") return join(homedir(), "Library", "Application Support", name);
  return join(env.XDG_DATA_HOME ?? join(homedir(), ".local", "share"), name);
}
