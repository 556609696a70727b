import {
  IconApiApp,
  IconChartHistogram,
  IconCode,
  IconDeviceDesktop,
  IconHistory,
  IconKey,
  IconListDetails,
  IconPackage,
  IconScale,
  IconSettings,
  type TablerIcon,
} from "@tabler/icons-react";
import { SCREENS } from "../../screens.ts";
import type { Navigation, ScreenId } from "../../state/navigation.ts";
import { useStore } from "../../ui/use-store.ts";
import "./activity-rail.css";

type RailId = Exclude<ScreenId, "welcome" | "help">;

export const RAIL: readonly { readonly id: RailId; readonly label: string; readonly icon: TablerIcon }[] = [
  { id: "project", label: "Project", icon: IconCode },
  { id: "preview", label: "Preview", icon: IconDeviceDesktop },
  { id: "requests", label: "Requests", icon: IconApiApp },
  { id: "logs", label: "Logs", icon: IconListDetails },
  { id: "executions", label: "Executions", icon: IconHistory },
  { id: "quotas", label: "Quotas", icon: IconChartHistogram },
  { id: "registry", label: "Registry", icon: IconPackage },
  { id: "keys", label: "Keys & Trust", icon: IconKey },
  { id: "policy", label: "Policy", icon: IconScale },
  { id: "settings", label: "Settings", icon: IconSettings },
];

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
