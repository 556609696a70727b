import { Suspense } from "react";
import { SCREENS } from "../../screens.ts";
import { failureOf } from "../../state/failure.ts";
import { Boundary } from "../../ui/boundary.tsx";
import { Button } from "../../ui/button.tsx";
import { FailureNotice, Notice } from "../../ui/notice.tsx";
import { useStore } from "../../ui/use-store.ts";
import type { WindowContext } from "../../window-context.ts";

/** The screen that is shown. A screen that breaks says so and leaves the frame alone. */
export function ScreenOutlet({ context }: { readonly context: WindowContext }) {
  const { screen } = useStore(context.navigation);
  const Screen = SCREENS.get(screen);
  if (Screen === undefined) return <Notice title="There is no such screen in this version." />;
  return (
    <Boundary
      key={screen}
      fallback={(error, retry) => {
        const failure = failureOf(error);
        // What was not fetched once, the browser does not ask for again.
        const isThere = failure.kind !== "unreachable";
        return (
          <FailureNotice failure={failure}>
            {isThere && <p>What was typed is kept.</p>}
            <div className="row-actions">
              {isThere && <Button onClick={retry}>Show the screen again</Button>}
              <Button onClick={() => location.reload()}>Load the page again</Button>
            </div>
          </FailureNotice>
        );
      }}
    >
      <Suspense fallback={<Notice title="Loading the screen…" />}>
        <Screen context={context} />
      </Suspense>
    </Boundary>
  );
}
