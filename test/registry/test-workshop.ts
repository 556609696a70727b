import { onTestFinished } from "vitest";
import { openWorkshop, type Workshop, type WorkshopOptions } from "./workshop.ts";

/** As `openWorkshop`, closed when the test ends. */
export function testWorkshop(home: string, options: WorkshopOptions = {}): Workshop {
  const workshop = openWorkshop(home, options);
  onTestFinished(() => void workshop.database.close());
  return workshop;
}
