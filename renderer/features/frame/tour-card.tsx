import type { Tour } from "../../state/tour.ts";
import { Button } from "../../ui/button.tsx";
import { useStore } from "../../ui/use-store.ts";
import "./tour-card.css";

/** What the screen that is shown is for; beside the work, never in its way. */
export function TourCard({ tour }: { readonly tour: Tour }) {
  const { at, steps } = useStore(tour);
  const step = at === undefined ? undefined : steps[at];
  if (at === undefined || step === undefined) return null;
  const isLast = at === steps.length - 1;
  return (
    <section className="tour-card" aria-label="Tour">
      <div aria-live="polite">
        <p className="dim">
          Tour, {at + 1} of {steps.length}
        </p>
        <h2>{step.title}</h2>
        <p>{step.text}</p>
      </div>
      <div className="tour-actions">
        {!isLast && (
          <Button look="quiet" onClick={tour.end}>
            Skip the tour
          </Button>
        )}
        {at > 0 && <Button onClick={tour.back}>Back</Button>}
        <Button look="primary" onClick={tour.next}>
          {isLast ? "Done" : "Next"}
        </Button>
      </div>
    </section>
  );
}
