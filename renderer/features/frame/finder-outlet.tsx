import { useStore } from "../../ui/use-store.ts";
import type { WindowContext } from "../../window-context.ts";
import { PaletteFinder } from "./palette-finder.tsx";
import { SearchFinder } from "./search-finder.tsx";

/** Palette or search, whichever is open. */
export function FinderOutlet({ context }: { readonly context: WindowContext }) {
  const open = useStore(context.finders);
  if (open === "palette") return <PaletteFinder context={context} />;
  if (open === "search") return <SearchFinder context={context} />;
  return null;
}
