import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef } from "react";
import { monaco } from "./monaco.ts";
import { editorTheme } from "./themes.ts";

export interface ComparisonProps {
  readonly path: string;
  /** What the disk has. */
  readonly theirs: string;
  /** What was typed here. */
  readonly mine: string;
}

/** The disk's text on the left, one's own on the right. */
export function Comparison({ path, theirs, mine }: ComparisonProps) {
  const container = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme("light");
  useEffect(() => {
    if (container.current === null) return;
    const language = languageOf(path);
    const original = monaco.editor.createModel(theirs, language);
    const modified = monaco.editor.createModel(mine, language);
    const editor = monaco.editor.createDiffEditor(container.current, {
      automaticLayout: true,
      readOnly: true,
      originalAriaLabel: `${path} on disk`,
      modifiedAriaLabel: `${path} as typed here`,
      fontFamily: '"JetBrains Mono Variable", ui-monospace, monospace',
      fontSize: 13,
      minimap: { enabled: false },
      scrollBeyondLastLine: false,
    });
    editor.setModel({ original, modified });
    return () => {
      editor.dispose();
      original.dispose();
      modified.dispose();
    };
  }, [path, theirs, mine]);
  useEffect(() => monaco.editor.setTheme(editorTheme(scheme)), [scheme]);
  return <div className="code-editor" ref={container} />;
}

function languageOf(path: string): string | undefined {
  const extension = path.slice(path.lastIndexOf("."));
  return monaco.languages.getLanguages().find((language) => language.extensions?.includes(extension))?.id;
}
