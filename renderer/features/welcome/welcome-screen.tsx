import { SCREENS } from "../../screens.ts";
import { Button } from "../../ui/button.tsx";
import { useStore } from "../../ui/use-store.ts";
import type { ScreenProps } from "../../window-context.ts";
import { ProjectCard } from "./project-card.tsx";
import { SampleCard } from "./sample-card.tsx";
import "./welcome-screen.css";

/** Where one begins: something that runs in one click, one's own project, and a way to find out more. */
export function WelcomeScreen({ context }: ScreenProps) {
  const { isDone } = useStore(context.tour);
  return (
    <div className="welcome">
      <header>
        <h2>Write an extension, see it run, ship it signed</h2>
        <p className="dim">Everything happens on this machine: nothing is sent anywhere.</p>
      </header>
      <div className="welcome-cards">
        <SampleCard context={context} />
        {SCREENS.has("project") && <ProjectCard context={context} />}
        <section className="welcome-card" aria-labelledby="welcome-learn">
          <h3 id="welcome-learn">Find your way</h3>
          <p>A tour of the screens takes a minute and can be left at any step.</p>
          <div className="row-actions">
            <Button onClick={context.tour.start}>{isDone ? "Take the tour again" : "Take the tour"}</Button>
            {SCREENS.has("help") && (
              <Button onClick={() => context.navigation.go("help")}>Read the documentation</Button>
            )}
            <Button onClick={() => context.finders.open("palette")}>All commands</Button>
          </div>
        </section>
      </div>
    </div>
  );
}
