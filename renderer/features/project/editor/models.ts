import type { OpenDocument } from "../../../state/project/document.ts";
import type { Documents } from "../../../state/project/documents.ts";
import { monaco } from "./monaco.ts";

/** A place that means the open project and gives its folder on the machine away to nobody. */
export const ROOT = "file:///project/";

/** The tenant's fixtures, which are no file of a project. */
export const FIXTURES_URI = "workbench://tenant/fixtures.json";

export function uriOf(path: string): monaco.Uri {
  return monaco.Uri.parse(ROOT + path.split("/").map(encodeURIComponent).join("/"));
}

/** The project's path of a model's address; `undefined` for what belongs to no file of it. */
export function pathOf(uri: monaco.Uri): string | undefined {
  const prefix = "/project/";
  return uri.scheme === "file" && uri.path.startsWith(prefix) ? uri.path.slice(prefix.length) : undefined;
}

interface OpenModel {
  readonly model: monaco.editor.ITextModel;
  version: number;
  stop(): void;
}

export interface Models {
  of(path: string): monaco.editor.ITextModel | undefined;
}

const modelsByDocuments = new WeakMap<Documents, Models>();

/** One editor model for each open file. They outlive the screen, and with them what can be undone. */
export function modelsOf(documents: Documents): Models {
  const known = modelsByDocuments.get(documents);
  if (known) return known;
  const models = createModels(documents);
  modelsByDocuments.set(documents, models);
  return models;
}

/** In step with the documents: keys go in, texts from disk come out. */
function createModels(documents: Documents): Models {
  const models = new Map<string, OpenModel>();
  const add = (document: OpenDocument): void => {
    const uri = uriOf(document.path);
    const known = monaco.editor.getModel(uri);
    const model = known ?? monaco.editor.createModel(document.text, undefined, uri);
    if (known && known.getValue() !== document.text) known.setValue(document.text);
    const listening = model.onDidChangeContent(() => documents.edit(document.path, textOf(model)));
    models.set(document.path, { model, version: document.version, stop: () => listening.dispose() });
  };
  const remove = (path: string, { model, stop }: OpenModel): void => {
    models.delete(path);
    stop();
    model.dispose();
  };
  const sync = (): void => {
    const ready = documents.get().open.filter((document) => document.status === "ready");
    for (const [path, open] of [...models]) {
      if (!ready.some((document) => document.path === path)) remove(path, open);
    }
    for (const document of ready) {
      const open = models.get(document.path);
      if (open === undefined) add(document);
      else if (open.version !== document.version) {
        open.version = document.version;
        replace(open.model, document.text);
      }
    }
  };
  sync();
  documents.subscribe(sync);
  return { of: (path) => models.get(path)?.model };
}

/** With the mark at the beginning that some files have: it is part of them. */
function textOf(model: monaco.editor.ITextModel): string {
  return model.getValue(monaco.editor.EndOfLinePreference.TextDefined, true);
}

/** As one step that can be undone. */
function replace(model: monaco.editor.ITextModel, text: string): void {
  if (textOf(model) === text) return;
  model.pushStackElement();
  model.pushEditOperations([], [{ range: model.getFullModelRange(), text }], () => null);
  model.pushStackElement();
}
