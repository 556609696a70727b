import { type QuotaTarget, targetKey } from "../../state/quotas/target.ts";

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
  return (
    <div className="pane-body quota-targets">
      {GROUPS.map(([kind, title]) => {
        const group = targets.filter((target) => target.kind === kind);
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
