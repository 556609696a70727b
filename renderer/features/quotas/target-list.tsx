import { type QuotaTarget, targetKey } from "../../state/quotas/target.ts";
import { ListFilterField, useListFilter } from "../../ui/list-filter.tsx";

export interface TargetListProps {
  readonly targets: readonly QuotaTarget[];
  readonly selected: string;
  onSelect(target: QuotaTarget): void;
}

const GROUPS = [
  ["install", "Installs"],
  ["tenant", "Tenants"],
  ["extension", "Extensions, all tenants"],
] as const;

/** Whose usage and limits there are. */
export function TargetList({ targets, selected, onSelect }: TargetListProps) {
  const filter = useListFilter(targets, "installs", ({ name }) => name);
  return (
    <div className="pane-body quota-targets">
      {filter.field && <ListFilterField {...filter.field} />}
      {GROUPS.map(([kind, title]) => {
        const group = filter.found.filter((target) => target.kind === kind);
        return group.length === 0 ? undefined : (
          <section key={kind} aria-label={title}>
            <h3>{title}</h3>
            <ul>
              {group.map((target) => (
                <li key={targetKey(target)}>
                  <button
                    type="button"
                    className="quota-target"
                    aria-pressed={targetKey(target) === selected}
                    onClick={() => onSelect(target)}
                  >
                    {target.name}
                  </button>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}
