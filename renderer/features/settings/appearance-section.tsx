import { SegmentedControl } from "@mantine/core";
import { THEMES, type Theme } from "../../state/theme.ts";
import { MOTIONS, type Motion, ZOOM_STEPS } from "../../state/view.ts";
import { useStore } from "../../ui/use-store.ts";
import type { WindowContext } from "../../window-context.ts";

const THEME_WORDS: Record<Theme, string> = { system: "System", light: "Light", dark: "Dark" };
const MOTION_WORDS: Record<Motion, string> = { system: "As the system says", reduced: "Reduced" };

export function AppearanceSection({ context: { theme, view } }: { readonly context: WindowContext }) {
  const { motion, zoom } = useStore(view);
  return (
    <>
      <div className="setting">
        <span id="setting-theme">Theme</span>
        <div>
          <SegmentedControl
            aria-labelledby="setting-theme"
            value={useStore(theme)}
            onChange={(value) => theme.choose(THEMES.find((name) => name === value) ?? "system")}
            data={THEMES.map((name) => ({ value: name, label: THEME_WORDS[name] }))}
          />
        </div>
      </div>
      <div className="setting">
        <span id="setting-zoom">Zoom</span>
        <div>
          <SegmentedControl
            aria-labelledby="setting-zoom"
            value={String(zoom)}
            onChange={(value) => view.zoomTo(Number(value))}
            data={ZOOM_STEPS.map((percent) => ({ value: String(percent), label: `${percent} %` }))}
          />
        </div>
      </div>
      <div className="setting">
        <span id="setting-motion">Motion</span>
        <div>
          <SegmentedControl
            aria-labelledby="setting-motion"
            value={motion}
            onChange={(value) => view.chooseMotion(MOTIONS.find((name) => name === value) ?? "system")}
            data={MOTIONS.map((name) => ({ value: name, label: MOTION_WORDS[name] }))}
          />
        </div>
      </div>
      <p className="dim">Kept in this browser.</p>
    </>
  );
}
