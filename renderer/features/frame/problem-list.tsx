import type { Problem } from "../../state/bottom-panel.ts";
import type { Navigation } from "../../state/navigation.ts";
import { Notice } from "../../ui/notice.tsx";
import { Tag } from "../../ui/tag.tsx";

export interface ProblemListProps {
  readonly problems: readonly Problem[];
  readonly navigation: Navigation;
}

/** What is wrong with the open project, whoever found it; a click goes to the line. */
export function ProblemList({ problems, navigation }: ProblemListProps) {
  if (problems.length === 0) {
    return <Notice title="No problem is known: manifest, types, build and policy report here." />;
  }
  const ordered = [...problems].sort((one, other) => rank(one) - rank(other));
  return (
    <ul className="finding-list" aria-label="Problems">
      {ordered.map((problem) => (
        <li key={[problem.source, problem.file, problem.line, problem.column, problem.message].join("\n")}>
          <Finding problem={problem} navigation={navigation} />
        </li>
      ))}
    </ul>
  );
}

function Finding({ problem, navigation }: { readonly problem: Problem; readonly navigation: Navigation }) {
  const { file, line, column } = problem;
  const content = (
    <>
      <Tag tone={problem.severity === "error" ? "bad" : "warn"}>
        {problem.severity === "error" ? "✕ error" : "! warning"}
      </Tag>
      <span className="dim">{problem.source}</span>
      <span>
        {problem.message} {problem.hint && <span className="dim">{problem.hint}</span>}{" "}
        {problem.code && <code className="dim">{problem.code}</code>}
      </span>
      <span className="mono dim">{[file, line, column].filter((part) => part !== undefined).join(":")}</span>
    </>
  );
  if (file === undefined) return <div className="finding">{content}</div>;
  const params = { file, line: String(line ?? 1), column: String(column ?? 1) };
  return (
    <button type="button" className="finding" onClick={() => navigation.go("project", params)}>
      {content}
    </button>
  );
}

function rank(problem: Problem): number {
  return problem.severity === "error" ? 0 : 1;
}
