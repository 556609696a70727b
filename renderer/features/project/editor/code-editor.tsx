import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef } from "react";
import type { ProjectWorkspace, Reveal } from "../../../state/project/project-workspace.ts";
import "./language-services.ts";
import { setTypeSources } from "./language-services.ts";
import { type Models, modelsOf, pathOf } from "./models.ts";
import { monaco } from "./monaco.ts";
import { editorTheme } from "./themes.ts";

const OPTIONS: monaco.editor.IStandaloneEditorConstructionOptions = {
  automaticLayout: true,
  fontFamily: '"JetBrains Mono Variable", ui-monospace, monospace',
  fontSize: 13,
  lineHeight: 20,
  minimap: { enabled: false },
  // A dimmed number has too little contrast to be read.
  renderFinalNewline: "on",
  scrollBeyondLastLine: false,
  fixedOverflowWidgets: true,
  tabSize: 2,
  padding: { top: 8 },
  renderLineHighlightOnlyWhenFocus: true,
};

interface RunningEditor {
  readonly editor: monaco.editor.IStandaloneCodeEditor;
  readonly models: Models;
}

/** One editor for all files; which one it shows is the documents' business. */
export function CodeEditor({
  workspace,
  path,
}: {
  readonly workspace: ProjectWorkspace;
  readonly path: string;
}) {
  const container = useRef<HTMLDivElement>(null);
  const running = useRef<RunningEditor>(undefined);
  const scheme = useComputedColorScheme("light");

  useEffect(() => {
    if (container.current === null) return;
    const models = modelsOf(workspace.documents);
    const editor = monaco.editor.create(container.current, OPTIONS);
    running.current = { editor, models };
    const stopTypes = followTypes(workspace);
    const opener = monaco.editor.registerEditorOpener({
      openCodeEditor(_source, resource, selection) {
        const target = pathOf(resource);
        if (target === undefined || target.startsWith("node_modules/")) return false;
        const { lineNumber, column } = monaco.Range.isIRange(selection)
          ? { lineNumber: selection.startLineNumber, column: selection.startColumn }
          : { lineNumber: selection?.lineNumber ?? 1, column: selection?.column ?? 1 };
        void workspace.show(target, lineNumber, column);
        return true;
      },
    });
    return () => {
      running.current = undefined;
      opener.dispose();
      stopTypes();
      editor.dispose();
    };
  }, [workspace]);

  useEffect(() => monaco.editor.setTheme(editorTheme(scheme)), [scheme]);

  useEffect(() => {
    const { editor, models } = running.current ?? {};
    const model = models?.of(path);
    if (!editor || !model) return;
    editor.setModel(model);
    editor.updateOptions({ ariaLabel: `${path}. Press Control M to let the Tab key leave the editor.` });
    const view = views.get(model);
    if (view) editor.restoreViewState(view);
    return () => {
      // Closing a file disposes of its model before this runs; then there is no view to keep.
      if (editor.getModel() === model) views.set(model, editor.saveViewState());
    };
  }, [path]);

  useEffect(() => {
    const reveal = (): void => {
      const wish = workspace.reveal.get();
      const editor = running.current?.editor;
      if (wish && editor && wish.path === path && shown.get(workspace) !== wish) {
        shown.set(workspace, wish);
        editor.setPosition({ lineNumber: wish.line, column: wish.column });
        editor.revealLineInCenterIfOutsideViewport(wish.line);
        editor.focus();
      }
    };
    reveal();
    return workspace.reveal.subscribe(reveal);
  }, [workspace, path]);

  return <div className="code-editor" ref={container} />;
}

/** Cursor, selection and scroll of each file while it is open. */
const views = new WeakMap<monaco.editor.ITextModel, monaco.editor.ICodeEditorViewState | null>();
/** The wish that was granted last: an editor made later does not jump back to it. */
const shown = new WeakMap<ProjectWorkspace, Reveal>();

/** Tells the compiler what files there are, now and after every change of the tree. */
function followTypes(workspace: ProjectWorkspace): () => void {
  let current: AbortController | undefined;
  const load = (): void => {
    current?.abort();
    const mine = new AbortController();
    current = mine;
    workspace.typeSources(mine.signal).then(
      (sources) => {
        if (current === mine) setTypeSources(sources);
      },
      // Without them the editor knows less of the host's API; the check of what is saved knows all of it.
      () => {},
    );
  };
  load();
  const stop = workspace.tree.subscribe(() => {
    if (!workspace.tree.get().loading) load();
  });
  return () => {
    stop();
    current?.abort();
  };
}
