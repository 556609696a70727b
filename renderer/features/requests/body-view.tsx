import { useState } from "react";
import { readBody } from "../../state/body-text.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { formatBytes } from "../../ui/format.ts";
import { ScrollRegion } from "../../ui/scroll-region.tsx";
import { Segments } from "../../ui/segments.tsx";

const VIEWS = ["Pretty", "Raw"] as const;

export function BodyView({ body }: { readonly body: Uint8Array }) {
  const [view, setView] = useState<(typeof VIEWS)[number]>("Pretty");
  const content = readBody(body);
  return (
    <section aria-label="Body">
      <div className="answer-heading">
        <h3>Body</h3>
        <span className="dim">{formatBytes(body.length)}</span>
        {content.kind === "text" && (
          <div className="answer-heading-end">
            <CopyButton text={content.raw} what="the body" />
            {content.pretty !== undefined && (
              <Segments
                legend="Show the body"
                options={VIEWS}
                value={view}
                onChange={(option) => setView(option)}
              />
            )}
          </div>
        )}
      </div>
      {content.kind === "empty" && <p className="dim">The answer has no body.</p>}
      {content.kind === "binary" && <p className="dim">The body is not text.</p>}
      {content.kind === "text" && (
        <ScrollRegion className="answer-body" aria-label="Body text">
          <pre>{view === "Pretty" ? (content.pretty ?? content.raw) : content.raw}</pre>
        </ScrollRegion>
      )}
    </section>
  );
}
