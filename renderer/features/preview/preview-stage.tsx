import { Button } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import type { BridgeState } from "../../state/preview/bridge-state.ts";
import type { PreviewState } from "../../state/preview/preview.ts";
import { type PreviewSettings, VIEWPORTS } from "../../state/preview/preview-settings.ts";
import { shortHash } from "../../ui/format.ts";
import { FailureNotice, Notice } from "../../ui/notice.tsx";
import { ScrollRegion } from "../../ui/scroll-region.tsx";
import { Tag, type Tone } from "../../ui/tag.tsx";
import { useStore } from "../../ui/use-store.ts";
import { PreviewFrame } from "./preview-frame.tsx";

interface StageProps {
  readonly state: PreviewState;
  readonly settings: PreviewSettings;
  /** Name of what is shown. */
  readonly title: string;
}

/** The frame at its size, and in words what it may do and how it behaves. */
export function PreviewStage({ state, settings, title }: StageProps) {
  const { phase, preview, failure, frame } = useStore(state.view);
  const bridge = useStore(state.bridge);
  const size = VIEWPORTS[settings.viewport];
  return (
    <div className="preview-stage">
      {bridge.suspension && (
        <div className="preview-alert" role="alert">
          <p>
            <strong>✕ Contained: {bridge.suspension.message}</strong> Nothing that it sends is heard until it
            is loaded again. <code>{bridge.suspension.code}</code>
          </p>
          <Button
            size="compact-xs"
            leftSection={<IconRefresh size={12} aria-hidden />}
            onClick={state.reload}
          >
            Load the frame again
          </Button>
        </div>
      )}
      {bridge.phase === "silent" && (
        <p className="preview-warning" role="status">
          The page was loaded and has not said <code>ready</code>. Call <code>bridge.ready()</code> of the
          SDK, or look into the browser's console.
        </p>
      )}
      {preview?.warnings.map(({ code, message, hint }) => (
        <p key={code} className="preview-warning" role="status">
          {message} {hint}
        </p>
      ))}
      <ScrollRegion className="preview-scroll" aria-label="Preview">
        {frame && (
          <PreviewFrame
            key={frame.key}
            state={state}
            frame={frame}
            title={title}
            scheme={settings.scheme}
            width={size?.width}
            height={size?.height ?? bridge.height}
          />
        )}
        {phase === "opening" && !frame && <Notice title="Opening the preview…" />}
        {failure && (
          <FailureNotice failure={failure}>
            <p>
              <Button size="compact-xs" variant="default" onClick={state.reload}>
                Try again
              </Button>
            </p>
          </FailureNotice>
        )}
      </ScrollRegion>
      {preview && (
        <footer className="preview-badges">
          <Tag tone={settings.sameOrigin ? "warn" : "ok"}>
            sandbox{" "}
            {settings.sameOrigin
              ? "allow-scripts allow-forms allow-same-origin"
              : "allow-scripts allow-forms"}
          </Tag>
          <Tag tone="accent">origin {settings.sameOrigin ? preview.origin : "null (opaque)"}</Tag>
          <Tag tone={PHASES[bridge.phase].tone}>{PHASES[bridge.phase].text}</Tag>
          <span className="dim">
            {preview.version} · <code title={preview.content_hash}>{shortHash(preview.content_hash)}</code> ·
            as {preview.user.user_name}
          </span>
        </footer>
      )}
    </div>
  );
}

const PHASES: Record<BridgeState["phase"], { readonly tone: Tone; readonly text: string }> = {
  closed: { tone: "plain", text: "closed" },
  loading: { tone: "plain", text: "loading" },
  loaded: { tone: "plain", text: "loaded, not ready" },
  silent: { tone: "warn", text: "silent: not ready" },
  ready: { tone: "ok", text: "ready" },
  suspended: { tone: "bad", text: "contained" },
};
