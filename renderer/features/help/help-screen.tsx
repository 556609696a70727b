import { type MouseEvent, useEffect, useRef, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { scrollWithin } from "../../ui/scroll-within.ts";
import { useStore } from "../../ui/use-store.ts";
import type { ScreenProps } from "../../window-context.ts";
import { DOCUMENT_NAMES, type HelpDocument, loadDocument, titleOf } from "./documents.ts";
import "./help-screen.css";

const DOCUMENT_LINK = /^(?:\.\/)?([\w-]+)\.md(?:#(.+))?$/;

/** The documentation, as it ships with this version; needs no network. */
export function HelpScreen({ context: { navigation } }: ScreenProps) {
  const { params } = useStore(navigation);
  const name = params.document ?? DOCUMENT_NAMES[0] ?? "";
  const section = params.section;
  const [attempt, setAttempt] = useState(0);
  const [shown, setShown] = useState<{ name: string; document: HelpDocument | undefined }>();
  const article = useRef<HTMLElement>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt loads again
  useEffect(() => {
    let isCurrent = true;
    const show = (document: HelpDocument | undefined): void => {
      if (isCurrent) setShown({ name, document });
    };
    (loadDocument(name) ?? Promise.resolve(undefined)).then(show, () => show(undefined));
    return () => {
      isCurrent = false;
    };
  }, [name, attempt]);

  useEffect(() => {
    if (shown?.document === undefined) return;
    const target = section === undefined ? null : document.getElementById(section);
    if (article.current === null) return;
    if (target) scrollWithin(article.current, target);
    else article.current.scrollTo({ top: 0 });
  }, [shown, section]);

  /** Links between documents stay in the window, those to elsewhere open beside it. */
  const follow = (event: MouseEvent): void => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    const address = link?.getAttribute("href");
    if (!link || !address) return;
    const [, document, part] = DOCUMENT_LINK.exec(address) ?? [];
    if (document !== undefined && DOCUMENT_NAMES.includes(document)) {
      event.preventDefault();
      navigation.go("help", { document, ...(part === undefined ? {} : { section: part }) });
    } else if (address.startsWith("#")) {
      event.preventDefault();
      navigation.go("help", { document: name, section: address.slice(1) });
    } else if (/^https?:/.test(address)) {
      link.target = "_blank";
      link.rel = "noreferrer";
    } else {
      event.preventDefault();
    }
  };

  return (
    <div className="help">
      <nav className="help-nav" aria-label="Documents">
        <h2>Help</h2>
        <ul>
          {DOCUMENT_NAMES.map((entry) => (
            <li key={entry}>
              <button
                type="button"
                aria-current={entry === name ? "page" : undefined}
                onClick={() => navigation.go("help", { document: entry })}
              >
                {titleOf(entry)}
              </button>
            </li>
          ))}
        </ul>
      </nav>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: Enter on a link is a click */}
      <article className="help-text" ref={article} onClick={follow}>
        {shown?.name !== name && <Notice title="Loading the document…" />}
        {shown?.name === name && shown.document === undefined && (
          <Notice tone="bad" title="✕ This document cannot be loaded.">
            <p>Reload the page: it may be older than the host.</p>
            <Button onClick={() => setAttempt(attempt + 1)}>Try again</Button>
          </Notice>
        )}
        {shown?.name === name && shown.document !== undefined && (
          // Our own documents, made into HTML by the build with markup in them turned to text.
          // biome-ignore lint/security/noDangerouslySetInnerHtml: see above
          <div className="help-document" dangerouslySetInnerHTML={{ __html: shown.document.html }} />
        )}
      </article>
    </div>
  );
}
