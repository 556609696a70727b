import { SCREENS } from "../../screens.ts";
import type { Navigation } from "../../state/navigation.ts";
import { useStore } from "../../ui/use-store.ts";
import { RAIL } from "./rail.ts";
import "./activity-rail.css";

/** Where one is, and where one can go. */
export function ActivityRail({ navigation }: { readonly navigation: Navigation }) {
  const { screen } = useStore(navigation);
  return (
    <nav className="rail" aria-label="Screens">
      {RAIL.filter(({ id }) => SCREENS.has(id)).map(({ id, label, icon: Icon }) => (
        <button
          key={id}
          type="button"
          className="rail-item"
          aria-current={id === screen ? "page" : undefined}
          onClick={() => navigation.go(id)}
        >
          <Icon size={20} stroke={1.6} aria-hidden />
          <span>{label}</span>
        </button>
      ))}
    </nav>
  );
}
