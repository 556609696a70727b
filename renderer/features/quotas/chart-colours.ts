import { useEffect, useState } from "react";

/** Colours of the tokens as a canvas takes them. */
export interface ChartColours {
  readonly text: string;
  readonly dim: string;
  readonly grid: string;
  readonly limit: string;
  readonly lines: readonly string[];
}

/** A canvas knows no custom properties: the browser resolves them on an element in the page's theme. */
function readColours(): ChartColours {
  const probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);
  const of = (token: string): string => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
  const colours = {
    text: of("--text"),
    dim: of("--dim"),
    grid: of("--line"),
    limit: of("--bad"),
    lines: [of("--accent"), of("--warn")],
  };
  probe.remove();
  return colours;
}

/** Read again when the theme is another one. */
export function useChartColours(theme: string): ChartColours {
  const [colours, setColours] = useState(readColours);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme is what the colours depend on
  useEffect(() => {
    setColours(readColours());
    const query = matchMedia("(prefers-color-scheme: dark)");
    const again = () => setColours(readColours());
    query.addEventListener("change", again);
    return () => query.removeEventListener("change", again);
  }, [theme]);
  return colours;
}
