import type { KeptExchange } from "../../contract/execution-exchange.ts";
import type { Pruned, RetentionPolicy } from "../../contract/retention.ts";
import type { SavedView, SavedViewList } from "../../contract/saved-view.ts";

export interface HostRecords {
  /** Errors: `execution_not_found`. */
  har(ids: readonly string[], kept: Readonly<Record<string, KeptExchange>>): string;
  readonly views: {
    list(list: SavedViewList): readonly SavedView[];
    /** Errors: `too_many_views`. */
    save(list: SavedViewList, view: SavedView): readonly SavedView[];
    remove(list: SavedViewList, name: string): readonly SavedView[];
  };
  readonly retention: {
    policy(): RetentionPolicy;
    setPolicy(policy: RetentionPolicy): void;
    prune(): Promise<Pruned>;
  };
}
