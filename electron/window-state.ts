import type { Rectangle } from "electron";
import { z } from "zod";

const savedSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  maximized: z.boolean(),
});
export type SavedWindow = z.infer<typeof savedSchema>;

/** So much of a window's title bar must be on a screen for it to be found and dragged, in device-independent pixels. */
const MINIMUM_VISIBLE = { width: 160, height: 40 } as const;

/** Where the last bounds are kept. Losing them costs nothing but a window in the middle of the screen. */
export interface WindowStateFile {
  /** `undefined` when there is none or it cannot be read. */
  read(): string | undefined;
  write(text: string): void;
}

export interface WindowState {
  /** The last window's bounds, when they can still be seen on the displays of now. */
  restore(): SavedWindow | undefined;
  save(window: SavedWindow): void;
}

/** @param workAreas of the displays that are connected now */
export function createWindowState(file: WindowStateFile, workAreas: () => readonly Rectangle[]): WindowState {
  return {
    restore() {
      const saved = parse(file.read());
      return saved !== undefined && workAreas().some((area) => isVisible(saved, area)) ? saved : undefined;
    },
    save: (window) => file.write(JSON.stringify(window)),
  };
}

function parse(text: string | undefined): SavedWindow | undefined {
  if (text === undefined) return undefined;
  try {
    return savedSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined; // not JSON: written half, or by somebody else
  }
}

function isVisible(window: Rectangle, area: Rectangle): boolean {
  const width = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x);
  const isTitleBarIn = window.y >= area.y && window.y + MINIMUM_VISIBLE.height <= area.y + area.height;
  return width >= MINIMUM_VISIBLE.width && isTitleBarIn;
}
