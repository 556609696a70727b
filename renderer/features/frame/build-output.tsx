import { useLayoutEffect, useRef } from "react";
import type { BottomPanel } from "../../state/bottom-panel.ts";
import { Command } from "../../ui/command.tsx";
import { formatTime } from "../../ui/format.ts";
import { Notice } from "../../ui/notice.tsx";
import { ScrollRegion } from "../../ui/scroll-region.tsx";
import { useStore } from "../../ui/use-store.ts";

/** What the builds of this session said, newest last. */
export function BuildOutput({ panel }: { readonly panel: BottomPanel }) {
  const lines = useStore(panel.build);
  const scroller = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new line is what makes the list longer
  useLayoutEffect(() => {
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  }, [lines]);
  if (lines.length === 0) {
    return (
      <Notice title="Nothing was built since this page was opened.">
        <p>“Run now” in the loop of a project builds it, and “Build on save” does so after every save.</p>
        <Command text="workbench dev" what="the command that builds on every save" />
      </Notice>
    );
  }
  return (
    <ScrollRegion className="build-lines mono" aria-label="Build output" ref={scroller}>
      {lines.map(({ key, at, text, tone }) => (
        <div key={key} className={`build-line build-line-${tone ?? "plain"}`}>
          <time className="dim" dateTime={at}>
            {formatTime(at)}
          </time>
          <span>{text}</span>
        </div>
      ))}
    </ScrollRegion>
  );
}
