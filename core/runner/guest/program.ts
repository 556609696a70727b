import type { LoadedModule } from "../component/index.ts";

/** A component ready to run: its glue and its metered, compiled modules. Travels between threads as it is. */
export interface GuestProgram {
  readonly source: string;
  readonly modules: readonly LoadedModule[];
  /** Size of the glue and of the modules before compilation, for caches. */
  readonly bytes: number;
}
