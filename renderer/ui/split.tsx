import type { ReactNode } from "react";
import { Group, type LayoutStorage, Separator, useDefaultLayout } from "react-resizable-panels";
import "./split.css";

export { Panel } from "react-resizable-panels";

export interface SplitProps {
  /** Under this name the sizes are remembered. */
  readonly id: string;
  readonly storage: LayoutStorage;
  /** Ids of the panels that are there now, when they come and go. */
  readonly panelIds?: string[];
  readonly orientation?: "horizontal" | "vertical";
  /** `Panel`s, each with an `id`, with a `SplitHandle` between them. */
  readonly children: ReactNode;
}

/** Panes side by side or above one another; their sizes are kept. */
export function Split({ id, storage, panelIds, orientation = "horizontal", children }: SplitProps) {
  const layout = useDefaultLayout({ id: `workbench.layout.${id}`, storage, panelIds });
  return (
    <Group
      id={id}
      orientation={orientation}
      className="split"
      defaultLayout={layout.defaultLayout}
      onLayoutChanged={layout.onLayoutChanged}
    >
      {children}
    </Group>
  );
}

/** The line between two panes: dragged, or moved with the arrow keys. */
export function SplitHandle({ label }: { readonly label: string }) {
  return <Separator className="split-handle" aria-label={label} />;
}
