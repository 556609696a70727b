import { z } from "zod";
import { type SavedView, type SavedViewList, savedViewSchema } from "../contract/saved-view.ts";
import { LogError } from "./errors.ts";

const MAX_VIEWS = 50;
const viewsSchema = z.array(savedViewSchema);

export interface SavedViews {
  list(list: SavedViewList): readonly SavedView[];
  /** Replaces the view of that name. Errors: `too_many_views`. */
  save(list: SavedViewList, view: SavedView): readonly SavedView[];
  remove(list: SavedViewList, name: string): readonly SavedView[];
}

/** Named filters, kept in the home so that every window and the command line have them. */
export function createSavedViews(settings: {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
}): SavedViews {
  const keyOf = (list: SavedViewList) => `views.${list}`;
  const read = (list: SavedViewList): SavedView[] => {
    const stored = settings.get(keyOf(list));
    return stored === undefined ? [] : viewsSchema.catch([]).parse(JSON.parse(stored));
  };
  const write = (list: SavedViewList, views: readonly SavedView[]): readonly SavedView[] => {
    settings.set(keyOf(list), JSON.stringify(views));
    return views;
  };
  return {
    list: read,
    save(list, view) {
      const others = read(list).filter(({ name }) => name !== view.name);
      if (others.length >= MAX_VIEWS) {
        throw new LogError({
          code: "too_many_views",
          message: `There are ${MAX_VIEWS} saved views already.`,
          hint: "Remove one first.",
        });
      }
      return write(
        list,
        [...others, view].sort((one, other) => one.name.localeCompare(other.name)),
      );
    },
    remove: (list, name) =>
      write(
        list,
        read(list).filter((view) => view.name !== name),
      ),
  };
}
