import type { ReactNode } from "react";
import type { HostSettings } from "../../../core/contract/rpc/settings.ts";
import { Button } from "../../ui/button.tsx";
import { FailureNotice } from "../../ui/notice.tsx";
import { useStore } from "../../ui/use-store.ts";
import type { WindowContext } from "../../window-context.ts";

export interface SettingsLoadProps {
  readonly context: WindowContext;
  readonly children: (settings: HostSettings) => ReactNode;
}

/** What needs the host's settings, once they are there. */
export function SettingsLoad({ context, children }: SettingsLoadProps) {
  const { data, failure } = useStore(context.settings);
  if (data !== undefined) return children(data);
  if (failure === undefined) return <p className="dim">Loading…</p>;
  return (
    <FailureNotice failure={failure}>
      <Button onClick={() => void context.settings.reload()}>Try again</Button>
    </FailureNotice>
  );
}
