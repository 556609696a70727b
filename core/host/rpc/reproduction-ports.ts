import type { KeptExchange } from "../../contract/execution-exchange.ts";
import type { Reproduction } from "../../contract/reproduction.ts";

export interface HostReproductions {
  /** Errors: `execution_not_found`, `reproduction_not_possible`. */
  of(id: string, kept: KeptExchange | undefined): Reproduction;
  /** @param source a file's text, or its absolute path */
  read(source: { readonly text: string } | { readonly path: string }): Promise<Reproduction>;
}
