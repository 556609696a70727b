import { IconRefresh } from "@tabler/icons-react";
import { THEMES, type Theme, type ThemeChoice } from "../../state/theme.ts";
import type { WorkbenchState } from "../../state/workbench.ts";
import { Button } from "../../ui/button.tsx";
import { useStore } from "../../ui/use-store.ts";
import "./top-bar.css";

const THEME_WORDS: Record<Theme, string> = { system: "System", light: "Light", dark: "Dark" };

export function TopBar({ state, theme }: { readonly state: WorkbenchState; readonly theme: ThemeChoice }) {
  const host = useStore(state.host);
  const extensions = useStore(state.extensions);
  const chosen = useStore(theme);
  const isLoading = host.loading || extensions.loading;
  return (
    <header className="top-bar">
      <h1>Extension Workbench</h1>
      {host.data && (
        <span className="pill">
          tenant <strong>{host.data.tenant.name}</strong>
        </span>
      )}
      <div className="top-bar-end">
        <Button onClick={state.refresh} aria-busy={isLoading}>
          <IconRefresh size={14} aria-hidden />
          Refresh
        </Button>
        <label className="theme">
          <span>Theme</span>
          <select
            value={chosen}
            onChange={(event) => theme.choose(THEMES.find((name) => name === event.target.value) ?? "system")}
          >
            {THEMES.map((name) => (
              <option key={name} value={name}>
                {THEME_WORDS[name]}
              </option>
            ))}
          </select>
        </label>
      </div>
    </header>
  );
}
