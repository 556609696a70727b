import { Component, type ReactNode, Suspense } from "react";
import { SCREENS } from "../../screens.ts";
import { failureOf } from "../../state/failure.ts";
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
    <BrokenScreen key={screen}>
      <Suspense fallback={<Notice title="Loading the screen…" />}>
        <Screen context={context} />
      </Suspense>
    </BrokenScreen>
  );
}

interface BrokenState {
  readonly error: unknown;
}

class BrokenScreen extends Component<{ readonly children: ReactNode }, BrokenState> {
  override state: BrokenState = { error: undefined };

  static getDerivedStateFromError(error: unknown): BrokenState {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error === undefined) return this.props.children;
    return (
      <FailureNotice failure={failureOf(this.state.error)}>
        <p>
          <Button onClick={() => this.setState({ error: undefined })}>Show the screen again</Button>
        </p>
      </FailureNotice>
    );
  }
}
