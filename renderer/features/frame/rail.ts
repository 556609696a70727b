import {
  IconApiApp,
  IconChartHistogram,
  IconCode,
  IconDatabase,
  IconDeviceDesktop,
  IconHistory,
  IconKey,
  IconListDetails,
  IconPackage,
  IconScale,
  IconSettings,
  type TablerIcon,
} from "@tabler/icons-react";
import type { ScreenId } from "../../state/navigation.ts";

export type RailId = Exclude<ScreenId, "welcome" | "help" | "automation">;

/** The activity rail, in its order. */
export const RAIL: readonly { readonly id: RailId; readonly label: string; readonly icon: TablerIcon }[] = [
  { id: "project", label: "Project", icon: IconCode },
  { id: "preview", label: "Preview", icon: IconDeviceDesktop },
  { id: "requests", label: "Requests", icon: IconApiApp },
  { id: "logs", label: "Logs", icon: IconListDetails },
  { id: "executions", label: "Executions", icon: IconHistory },
  { id: "quotas", label: "Quotas", icon: IconChartHistogram },
  { id: "registry", label: "Registry", icon: IconPackage },
  { id: "fixtures", label: "Fixtures", icon: IconDatabase },
  { id: "keys", label: "Keys & Trust", icon: IconKey },
  { id: "policy", label: "Policy", icon: IconScale },
  { id: "settings", label: "Settings", icon: IconSettings },
];
