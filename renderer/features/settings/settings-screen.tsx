import { useEffect, useRef } from "react";
import { scrollWithin } from "../../ui/scroll-within.ts";
import { useStore } from "../../ui/use-store.ts";
import type { ScreenProps, WindowContext } from "../../window-context.ts";
import { AboutSection } from "./about-section.tsx";
import { AppearanceSection } from "./appearance-section.tsx";
import { DoctorSection } from "./doctor-section.tsx";
import { EnvironmentSection } from "./environment-section.tsx";
import { RecordSection } from "./record-section.tsx";
import { RunnerSection } from "./runner-section.tsx";
import { SETTINGS_SECTIONS, type SettingsSection } from "./sections.ts";
import { SettingsLoad } from "./settings-load.tsx";
import { ShortcutsSection } from "./shortcuts-section.tsx";
import { TenantsSection } from "./tenants-section.tsx";
import { UploadsSection } from "./uploads-section.tsx";
import "./settings-screen.css";

const VIEWS: Record<SettingsSection, (props: { readonly context: WindowContext }) => React.ReactNode> = {
  appearance: ({ context }) => <AppearanceSection context={context} />,
  shortcuts: ({ context }) => <ShortcutsSection context={context} />,
  signing: ({ context }) => (
    <SettingsLoad context={context}>
      {(settings) => <UploadsSection context={context} settings={settings} />}
    </SettingsLoad>
  ),
  tenants: ({ context }) => <TenantsSection context={context} />,
  record: ({ context }) => <RecordSection context={context} />,
  environment: ({ context }) => (
    <SettingsLoad context={context}>{(settings) => <EnvironmentSection settings={settings} />}</SettingsLoad>
  ),
  runner: ({ context }) => <RunnerSection context={context} />,
  doctor: ({ context }) => <DoctorSection context={context} />,
  about: ({ context }) => (
    <SettingsLoad context={context}>{(settings) => <AboutSection settings={settings} />}</SettingsLoad>
  ),
};

/** What the window and its host are set to, in one page that scrolls. */
export function SettingsScreen({ context }: ScreenProps) {
  const place = useStore(context.navigation);
  const asked = place.params.section;
  const sections = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked for the same section again, it is shown again
  useEffect(() => {
    if (asked === undefined) return;
    const section = document.getElementById(`settings-${asked}`);
    if (section !== null && sections.current !== null) scrollWithin(sections.current, section);
    section?.querySelector("h3")?.focus({ preventScroll: true });
  }, [asked, place]);
  return (
    <div className="settings">
      <nav className="settings-nav" aria-label="Settings">
        <h2>Settings</h2>
        <ul>
          {SETTINGS_SECTIONS.map(({ id, title }) => (
            <li key={id}>
              <button type="button" onClick={() => context.navigation.go("settings", { section: id })}>
                {title}
              </button>
            </li>
          ))}
        </ul>
      </nav>
      <div className="settings-sections" ref={sections}>
        {SETTINGS_SECTIONS.map(({ id, title }) => {
          const View = VIEWS[id];
          return (
            <section key={id} id={`settings-${id}`} aria-labelledby={`settings-${id}-title`}>
              <h3 id={`settings-${id}-title`} tabIndex={-1}>
                {title}
              </h3>
              <View context={context} />
            </section>
          );
        })}
      </div>
    </div>
  );
}
